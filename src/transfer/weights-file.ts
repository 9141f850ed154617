// A run's weights as a safetensors file that PyTorch loads with `strict=True`, and back.
import { AppError } from '../base/app-error.ts'
import { parseRunConfig, type RunConfig } from '../config/run-config.ts'
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import { namingsOf, namesIn, OWN_NAMING } from '../network/rename-parameters.ts'
import type { Graph } from '../network/graph.ts'
import { elements, networkFacts } from '../network/network-facts.ts'
import { networkName } from '../network/format-network.ts'
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
  readonly state: Weights & { readonly steps: number }
  readonly config: RunConfig
  /** Whose parameter names; one that speaks of the config's network. */
  readonly naming: ParameterNaming
  /** What the run came to, as JSON: kept in the file for people and tools to read. */
  readonly metrics: unknown
}

const RUNNING_MEAN = '.running_mean'
const BATCHES_TRACKED = '.num_batches_tracked'

/** PyTorch's shapes under the naming's names, each batch norm's `num_batches_tracked`, and config and metrics as metadata. */
export function writeWeights(weights: WeightsToWrite): Uint8Array<ArrayBuffer> {
  const { state, config, naming, metrics } = weights
  return writeSafetensors(namedTensors(weights), {
    // What PyTorch's own tools look for.
    format: 'pt',
    config: JSON.stringify(config),
    // The key under which every version's files have it.
    dialect: naming,
    metrics: JSON.stringify(metrics),
    steps: String(state.steps),
  })
}

/** All that PyTorch's `state_dict` of the network holds, under the naming's names. */
export function namedTensors({
  state,
  config,
  naming,
}: Pick<WeightsToWrite, 'state' | 'config' | 'naming'>): TensorToWrite[] {
  const graph = buildGraph(config)
  const namesOf = namesIn(naming, config.network)
  const named = (tensor: TensorToWrite) => namesOf(tensor.name).map((name) => renamed(tensor, name))
  const runningMeans = graph.statistics.filter(({ name }) => name.endsWith(RUNNING_MEAN))
  const tensors = [
    // The widest type first, as safetensors' own writer does, so that each tensor is aligned to its values.
    ...runningMeans.map(({ name }) => batchesTracked(name, state.steps)),
    ...graph.parameters.map(({ name, shape }) => float(name, shape, state.parameters[name])),
    ...graph.statistics.map(({ name, shape }) => float(name, shape, state.statistics[name])),
  ]
  return tensors.flatMap(named)
}

/** A file's name, without its ending, that says which run it holds. */
export function runFileName({ preset, network, data, seed }: RunConfig, steps: number): string {
  const net = preset ?? networkName(network).replaceAll(/[^\w-]+/g, '-')
  return `${net}-${network.identity ? 'identity' : 'no-identity'}-${data.set}-seed${seed}-step${steps}`
}

const renamed = (tensor: TensorToWrite, name: string): TensorToWrite => ({ ...tensor, name })

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
 * The weights of a network from a file with PyTorch's layouts and any author's names, recognised by the names
 * themselves. `num_batches_tracked` is not needed.
 * @throws AppError `weights-malformed`; `weights-mismatch` naming the first tensor that is missing, unexpected or of
 * another shape; `weights-not-finite` naming the first value that is not a number
 */
export function readWeights(
  bytes: Uint8Array,
  config: Parameters<typeof buildGraph>[0],
  fileName: string,
): Weights {
  const file = readSafetensors(bytes, fileName)
  const graph = buildGraph(config)
  const namesOf = namesIn(namingOf(file, graph, config.network), config.network)
  assertSameTensors(file, graph, namesOf, fileName)
  const read = (list: readonly { name: string; shape: readonly number[] }[]) =>
    Object.fromEntries(
      list.map(({ name, shape }) => [name, readTensor(file, namesOf(name), shape, fileName)]),
    )
  return { parameters: read(graph.parameters), statistics: read(graph.statistics) }
}

/**
 * Whether a file holds the tensors of a network, under any author's names.
 * @throws AppError `weights-malformed`
 */
export function fitsNetwork(
  bytes: Uint8Array,
  config: Parameters<typeof buildGraph>[0],
  fileName: string,
): boolean {
  const file = readSafetensors(bytes, fileName)
  const graph = buildGraph(config)
  return holdsExactly(file, graph, namesIn(namingOf(file, graph, config.network), config.network))
}

/**
 * Whether a file holds the network's tensors under the naming's names, in the network's shapes, and no others but
 * `num_batches_tracked`.
 */
export function holdsExactly(file: SafetensorsFile, graph: Graph, namesOf: NamesOf): boolean {
  return firstDifference(file, graph, namesOf) === null
}

/** The naming that most of the network's tensors are found under. */
function namingOf({ tensors }: SafetensorsFile, graph: Graph, network: NetworkConfig): ParameterNaming {
  const foundIn = (naming: ParameterNaming) => {
    const namesOf = namesIn(naming, network)
    return tensorsOf(graph).filter(({ name }) => namesOf(name).every((own) => tensors.has(own))).length
  }
  const ranked = namingsOf(network)
    .map((naming) => ({ naming, found: foundIn(naming) }))
    .toSorted((a, b) => b.found - a.found)
  return ranked[0]?.naming ?? OWN_NAMING
}

type NamesOf = ReturnType<typeof namesIn>

const tensorsOf = ({ parameters, statistics }: Graph) => [...parameters, ...statistics]

function assertSameTensors(file: SafetensorsFile, graph: Graph, namesOf: NamesOf, fileName: string): void {
  const difference = firstDifference(file, graph, namesOf)
  if (difference === null) return
  throw new AppError(
    'weights-mismatch',
    `${fileName} ${difference} ${describeGraph(graph)}. Choose the architecture that the file was trained with, then import it again.`,
  )
}

/** In what a file's tensors differ first from the network's; null where they are the same. */
function firstDifference({ tensors }: SafetensorsFile, graph: Graph, namesOf: NamesOf): string | null {
  const expected = tensorsOf(graph).flatMap(({ name, shape }) => namesOf(name).map((own) => ({ own, shape })))
  for (const { own, shape } of expected) {
    const found = tensors.get(own)
    if (!found) return `lacks the tensor ${own} of shape ${brackets(shape)}, which is part of`
    if (brackets(found.shape) !== brackets(shape)) {
      return `has ${own} with shape ${brackets(found.shape)}, not the ${brackets(shape)} of`
    }
  }
  const names = new Set(expected.map(({ own }) => own))
  for (const [name, { shape }] of tensors) {
    if (names.has(name) || name.endsWith(BATCHES_TRACKED)) continue
    return `has the tensor ${name} of shape ${brackets(shape)}, which is no part of`
  }
  return null
}

const brackets = (shape: readonly number[]) => `[${shape.join(', ')}]`

function describeGraph(graph: Graph): string {
  const { depth, parameters } = networkFacts(graph)
  const count = parameters.toLocaleString('en')
  return `the expected network (${depth} weight layers, ${count} parameters, ${graph.classes} classes)`
}

/** @param names the file's, of which the values must be the same */
function readTensor(
  file: SafetensorsFile,
  names: readonly string[],
  shape: readonly number[],
  fileName: string,
): Float32Array<ArrayBuffer> {
  const [values, ...copies] = names.map((name) => readValues(file, name, shape, fileName))
  if (!values) throw new Error('every naming has a name for every tensor')
  if (copies.some((copy) => copy.some((value, i) => value !== values[i]))) {
    throw new AppError(
      'weights-mismatch',
      `${fileName} has different values in ${names.join(' and ')}, which are one tensor of the network. Export the file again from the code that it was trained with.`,
    )
  }
  return values
}

function readValues(
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
