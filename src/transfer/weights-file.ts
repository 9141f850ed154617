// A run's weights as a safetensors file that PyTorch loads with `strict=True`, and back.
import { AppError } from '../base/app-error.ts'
import { parseRunConfig, type RunConfig } from '../config/run-config.ts'
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import { namingsOf, namesIn } from '../network/rename-parameters.ts'
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
import { isCounter, type NamedTensor, type NamesUnder, readingsOf } from './tensor-names.ts'

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
  /** Whether each name begins with `module.`, as DataParallel’s do and scripts expect that load into one. */
  readonly modulePrefix?: boolean
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
  modulePrefix = false,
}: Pick<WeightsToWrite, 'state' | 'config' | 'naming' | 'modulePrefix'>): TensorToWrite[] {
  const graph = buildGraph(config)
  const namesOf = namesIn(naming, config.network)
  const prefix = modulePrefix ? 'module.' : ''
  const named = (tensor: TensorToWrite) => namesOf(tensor.name).map((name) => renamed(tensor, prefix + name))
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
  const text = openWeights(bytes, fileName).metadata['config']
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

/** @throws AppError `weights-malformed`, also for a checkpoint of this lab */
export function openWeights(bytes: Uint8Array, fileName: string): SafetensorsFile {
  const file = readSafetensors(bytes, fileName)
  if (file.metadata['format'] !== 'residual-lab-checkpoint') return file
  throw new AppError(
    'weights-malformed',
    `${fileName} is a checkpoint of this lab, which holds the optimiser’s state too. Give the weights.safetensors that lies beside it, or write one with: lab export --run FOLDER --out weights.safetensors.`,
  )
}

/**
 * The weights of a network from a file with PyTorch's layouts and any author's names, recognised by the names
 * themselves, whatever a training script has put before them all. `num_batches_tracked` is not needed, nor is more than
 * one of the names of a shared tensor.
 * @throws AppError `weights-malformed`; `weights-mismatch` naming the first tensor that is missing, unexpected or of
 * another shape; `weights-not-finite` naming the first value that is not a number
 */
export function readWeights(
  bytes: Uint8Array,
  config: Parameters<typeof buildGraph>[0],
  fileName: string,
): Weights {
  const graph = buildGraph(config)
  const match = bestMatch(openWeights(bytes, fileName), graph, config.network)
  assertSameTensors(match, graph, fileName)
  const read = (list: Tensors) =>
    Object.fromEntries(list.map(({ name, shape }) => [name, readTensor(match, name, shape, fileName)]))
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
  const graph = buildGraph(config)
  return differences(bestMatch(openWeights(bytes, fileName), graph, config.network), graph) === null
}

type NamesOf = ReturnType<typeof namesIn>
type Tensors = readonly { readonly name: string; readonly shape: readonly number[] }[]

/** A file's tensors as a naming's names for those of a network. */
type Match = { readonly names: NamesUnder; readonly namesOf: NamesOf }

/**
 * Whether one of a file's readings holds the network's tensors under the naming's names, in the network's shapes, and no
 * others but `num_batches_tracked`.
 */
export function holdsExactly(readings: readonly NamesUnder[], graph: Graph, namesOf: NamesOf): boolean {
  const expected = tensorsOf(graph)
  return readings.some((names) => {
    const match = { names, namesOf }
    // Most candidates lack a tensor, and that is found fast.
    const hasAll = () => expected.every(({ name }) => stored(match, name).length > 0)
    return names.outside.length === 0 && hasAll() && differences(match, graph) === null
  })
}

/** The naming, and the reading of the file's names, that most of the network's tensors are found under. */
function bestMatch(file: SafetensorsFile, graph: Graph, network: NetworkConfig): Match {
  const list = namingsOf(network).map((naming) => namesIn(naming, network))
  const [first] = tensorsOf(graph)
  const readings = readingsOf(file.tensors, first ? list.flatMap((namesOf) => namesOf(first.name)) : [])
  const found = (match: Match) => tensorsOf(graph).filter(({ name }) => stored(match, name).length > 0).length
  const [best] = list
    .flatMap((namesOf) => readings.map((names) => ({ names, namesOf })))
    .map((match) => ({ match, found: found(match) }))
    .toSorted((a, b) => b.found - a.found)
  if (!best) throw new Error('every network has names')
  return best.match
}

const tensorsOf = ({ parameters, statistics }: Graph) => [...parameters, ...statistics]

/** What a file has of a tensor: nothing, or one under each of its names that are there. */
const stored = ({ names, namesOf }: Match, name: string): NamedTensor[] =>
  namesOf(name).flatMap((own) => names.tensors.get(own) ?? [])

function assertSameTensors(match: Match, graph: Graph, fileName: string): void {
  const found = differences(match, graph)
  if (found === null) return
  throw new AppError(
    'weights-mismatch',
    `${fileName} ${found.what} ${describeGraph(graph)}. ${found.advice}, then import it again.`,
  )
}

const OPTIMISER_STATE =
  /(^|[./])(optimi[sz]er\w*|state\.\d+|slots|momentum_buffer|exp_avg(_sq)?|max_exp_avg_sq|square_avg|grad_avg|acc_delta)([./]|$)/

/** In what a file's tensors differ from the network's, and what to do; null where they are the same. */
function differences(match: Match, graph: Graph): { what: string; advice: string } | null {
  const expected = tensorsOf(graph)
  const missing = expected.filter(({ name }) => stored(match, name).length === 0)
  const [absent] = missing
  const misshapen = expected.flatMap(({ name, shape }) =>
    stored(match, name)
      .filter((tensor) => brackets(tensor.shape) !== brackets(shape))
      .map((tensor) => ({ name, shape, tensor })),
  )
  const [odd] = misshapen
  if (odd && (!absent || expected.findIndex(({ name }) => name === odd.name) < expected.indexOf(absent))) {
    const { tensor, shape } = odd
    const isHead = misshapen.every(({ name }) => name.startsWith('linear.'))
    const classes = tensor.shape[0]
    return {
      what: `has ${tensor.nameInFile} with shape ${brackets(tensor.shape)}, not the ${brackets(shape)} of`,
      advice: isHead
        ? `It was trained for ${classes} classes: choose a data set that has as many`
        : CHOOSE_ARCHITECTURE,
    }
  }
  const names = new Set(expected.flatMap(({ name }) => match.namesOf(name)))
  const extra = [
    ...[...match.names.tensors].flatMap(([name, tensor]) =>
      names.has(name) || isCounter(name) ? [] : [tensor],
    ),
    ...match.names.outside,
  ]
  if (absent) {
    const isNamedOtherwise = missing.length === expected.length && extra.length > 0
    const others = extra.slice(0, 3).map(({ nameInFile }) => nameInFile)
    return {
      what: `lacks the tensor ${match.namesOf(absent.name)[0]} of shape ${brackets(absent.shape)}${more(missing)}, which is part of`,
      advice: isNamedOtherwise
        ? `It has ${extra.length} tensors of other names (${others.join(', ')}${extra.length > 3 ? ', …' : ''}): name them as the code of one of the five systems does, or choose the architecture that it was trained with`
        : CHOOSE_ARCHITECTURE,
    }
  }
  const state = extra.filter(({ nameInFile }) => OPTIMISER_STATE.test(nameInFile))
  const [first] = state.length > 0 ? state : extra
  if (!first) return null
  return {
    what:
      state.length > 0
        ? `has an optimiser’s state (${first.nameInFile}${more(state)}) beside`
        : `has the tensor ${first.nameInFile} of shape ${brackets(first.shape)}${more(extra)}, which is no part of`,
    advice:
      'Save the network’s own state_dict alone, or choose the architecture that the file was trained with',
  }
}

const CHOOSE_ARCHITECTURE = 'Choose the architecture that the file was trained with'

const more = ({ length }: readonly unknown[]) => (length > 1 ? ` (and ${length - 1} more)` : '')

const brackets = (shape: readonly number[]) => `[${shape.join(', ')}]`

function describeGraph(graph: Graph): string {
  const { depth, parameters } = networkFacts(graph)
  const count = parameters.toLocaleString('en')
  return `the expected network (${depth} weight layers, ${count} parameters, ${graph.classes} classes)`
}

function readTensor(
  match: Match,
  name: string,
  shape: readonly number[],
  fileName: string,
): Float32Array<ArrayBuffer> {
  const found = stored(match, name)
  const [values, ...copies] = found.map((tensor) => readValues(tensor, shape, fileName))
  if (!values) throw new Error(`${name} was checked to be there`)
  if (copies.some((copy) => copy.some((value, i) => value !== values[i]))) {
    const names = found.map(({ nameInFile }) => nameInFile).join(' and ')
    throw new AppError(
      'weights-mismatch',
      `${fileName} has different values in ${names}, which are one tensor of the network. Export the file again from the code that it was trained with.`,
    )
  }
  return values
}

function readValues(
  tensor: NamedTensor,
  shape: readonly number[],
  fileName: string,
): Float32Array<ArrayBuffer> {
  const values = toFloat32(tensor)
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0) {
    throw new AppError(
      'weights-not-finite',
      `${fileName} has ${values[at]} at position ${at} of ${elements(shape)} in ${tensor.nameInFile}; weights must be finite numbers. Export them from a run that has not diverged.`,
    )
  }
  return values
}
