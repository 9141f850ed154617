// A run's weights as a safetensors file that PyTorch loads with `strict=True`, and back.
import { AppError } from '../contract/app-error.ts'
import { parseRunConfig, type RunConfig } from '../contract/run-config.ts'
import type { Graph } from '../network/graph.ts'
import { elements } from '../network/network-facts.ts'
import {
  readSafetensors,
  type SafetensorsFile,
  type TensorToWrite,
  toFloat32,
  writeSafetensors,
} from './safetensors.ts'

/** Values by name in PyTorch's layouts: convolution [out, in, k, k], linear [out, in]. */
export type Weights = {
  readonly parameters: Readonly<Record<string, Float32Array>>
  /** Batch norm's running means and variances. */
  readonly statistics: Readonly<Record<string, Float32Array>>
}

export type WeightsToWrite = {
  readonly graph: Graph
  readonly state: Weights & { readonly steps: number }
  readonly config: RunConfig
  /** What the run came to, as JSON: kept in the file for people and tools to read. */
  readonly metrics: unknown
}

const RUNNING_MEAN = '.running_mean'
const BATCHES_TRACKED = '.num_batches_tracked'

/** The Graph's own names and shapes, each batch norm's `num_batches_tracked`, and config and metrics as metadata. */
export function writeWeights({ graph, state, config, metrics }: WeightsToWrite): Uint8Array<ArrayBuffer> {
  const tensors = [
    ...graph.parameters.map(({ name, shape }) => float(name, shape, state.parameters[name])),
    ...graph.statistics.flatMap(({ name, shape }) => {
      const tensor = float(name, shape, state.statistics[name])
      return name.endsWith(RUNNING_MEAN) ? [tensor, batchesTracked(name, state.steps)] : [tensor]
    }),
  ]
  return writeSafetensors(tensors, {
    // What PyTorch's own tools look for.
    format: 'pt',
    config: JSON.stringify(config),
    metrics: JSON.stringify(metrics),
    steps: String(state.steps),
  })
}

/** A file's name that says which run it holds. */
export function weightsFileName({ preset, network, data, seed }: RunConfig, steps: number): string {
  const net = preset ?? `he-n${network.n}-w${network.width}`
  return `${net}-${network.identity ? 'identity' : 'no-identity'}-${data.set}-seed${seed}-step${steps}.safetensors`
}

function float(name: string, shape: readonly number[], values: Float32Array | undefined): TensorToWrite {
  if (!values) throw new Error(`the state lacks ${name}`)
  return { name, dtype: 'F32', shape, values }
}

function batchesTracked(runningMean: string, steps: number): TensorToWrite {
  const name = runningMean.slice(0, -RUNNING_MEAN.length) + BATCHES_TRACKED
  return { name, dtype: 'I64', shape: [], values: BigInt64Array.of(BigInt(steps)) }
}

/**
 * The config that this lab wrote into a file; null for a file from elsewhere.
 * @throws AppError `weights-malformed`, or `config-invalid` where the config was tampered with
 */
export function readWeightsConfig(bytes: Uint8Array, fileName: string): RunConfig | null {
  const text = readSafetensors(bytes, fileName).metadata['config']
  if (text === undefined) return null
  return parseRunConfig(parseJson(text), fileName)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * The weights of a network from a file with PyTorch's names and layouts. `num_batches_tracked` is not needed.
 * @throws AppError `weights-malformed`; `weights-mismatch` naming the first tensor that is missing, unexpected or of
 * another shape; `weights-not-finite` naming the first value that is not a number
 */
export function readWeights(bytes: Uint8Array, graph: Graph, fileName: string): Weights {
  const file = readSafetensors(bytes, fileName)
  const expected = [...graph.parameters, ...graph.statistics]
  assertSameTensors(file, expected, fileName)
  const read = (list: readonly { name: string; shape: readonly number[] }[]) =>
    Object.fromEntries(list.map(({ name, shape }) => [name, readTensor(file, name, shape, fileName)]))
  return { parameters: read(graph.parameters), statistics: read(graph.statistics) }
}

const ADVICE = 'Choose the architecture that the file was trained with, then import it again.'

function assertSameTensors(
  { tensors }: SafetensorsFile,
  expected: readonly { name: string; shape: readonly number[] }[],
  fileName: string,
): void {
  const names = new Set(expected.map(({ name }) => name))
  for (const { name, shape } of expected) {
    const found = tensors.get(name)
    if (!found) throw mismatch(`${fileName} has no tensor ${name}, which this architecture needs. ${ADVICE}`)
    if (found.shape.join() !== shape.join()) {
      throw mismatch(
        `${fileName} has ${name} with shape [${found.shape.join(', ')}], and this architecture needs [${shape.join(', ')}]. ${ADVICE}`,
      )
    }
  }
  const stray = [...tensors.keys()].find((name) => !names.has(name) && !name.endsWith(BATCHES_TRACKED))
  if (stray !== undefined) {
    throw mismatch(`${fileName} has the tensor ${stray}, which this architecture does not have. ${ADVICE}`)
  }
}

const mismatch = (message: string) => new AppError('weights-mismatch', message)

function readTensor(
  { tensors }: SafetensorsFile,
  name: string,
  shape: readonly number[],
  fileName: string,
): Float32Array<ArrayBuffer> {
  const stored = tensors.get(name)
  if (!stored) throw new Error(`${name} was checked to be there`)
  const values = toFloat32(stored)
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0) {
    throw new AppError(
      'weights-not-finite',
      `${fileName} has ${values[at]} at position ${at} of ${elements(shape)} in ${name}; weights must be finite numbers. Export them from a run that has not diverged.`,
    )
  }
  return values
}
