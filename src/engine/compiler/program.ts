// What a device executes for one batch, as plain data: operations in order, each naming the values that it reads and
// writes. A value is written once (SSA). Parameters, their gradients and the running statistics are not values: they
// outlive the batch, and operations name them as the Graph does.
import type { Shape } from '../../network/graph.ts'

export type ValueId = number

/** `images`: one activation an image, of `shape`. `channels`: values of a batch by channel, e.g. mean and deviation. */
export type Value = {
  readonly id: ValueId
  readonly kind: 'images' | 'channels'
  readonly shape: Shape
  /** For people: what it is, of which node. */
  readonly label: string
}

type Convolution = {
  readonly weight: string
  readonly bias: string | null
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
}
type Affine = { readonly scale: string; readonly shift: string }
type Running = { readonly mean: string; readonly variance: string; readonly epsilon: number }
type Linear = { readonly weight: string; readonly bias: string | null }
/** `factor` times the mean of window × window pixels at every stride-th pixel, then zero channels before and after. */
export type Reshaping = {
  readonly stride: 1 | 2
  readonly window: 1 | 2
  readonly before: number
  readonly after: number
  readonly factor: number
}
export const AS_IT_IS: Reshaping = { stride: 1, window: 1, before: 0, after: 0, factor: 1 }

type Ids<Names extends string> = { readonly [name in Names]: ValueId }
type Op<
  Name extends string,
  Reads extends string,
  Writes extends string,
  Optional extends { reads?: string; writes?: string } = object,
> = {
  readonly op: Name
  readonly reads: Ids<Reads> & Partial<Ids<Optional extends { reads: infer N extends string } ? N : never>>
  readonly writes: Ids<Writes> & Partial<Ids<Optional extends { writes: infer N extends string } ? N : never>>
}

export type Operation =
  /** The uploaded batch → normalised images. */
  | Op<'decode', never, 'y'>
  | (Op<'conv2d', 'x', 'y'> & Convolution)
  /** Partial sums of the batch's mean and variance. */
  | Op<'batchNormStatistics', 'x', 'moments'>
  /**
   * y = γ·x̂ + β, plus `residual` where there is one, through ReLU where `relu`. Keeps the batch's mean and deviation;
   * moves the running statistics.
   */
  | (Op<'batchNormApply', 'x' | 'moments', 'y' | 'statistics', { reads: 'residual' }> &
      Affine &
      Running & { readonly momentum: number; readonly relu: boolean })
  /** Moves the running statistics, of a batch norm whose output nobody reads. */
  | (Op<'batchNormTrack', 'moments', 'statistics'> & Affine & Running & { readonly momentum: number })
  /** The same as `batchNormApply` with the running statistics. */
  | (Op<'batchNormInference', 'x', 'y', { reads: 'residual' }> &
      Affine &
      Running & { readonly relu: boolean })
  | Op<'relu', 'x', 'y'>
  | Op<'add', 'a' | 'b', 'y'>
  | (Op<'shortcut', 'x', 'y'> & Reshaping)
  | Op<'globalAvgPool', 'x', 'y'>
  | Op<'maxPool4', 'x', 'y'>
  /** Drops channels of the images, or, in the backward pass, of their gradient. */
  | (Op<'dropout2d', 'x', 'y'> & { readonly rate: number; readonly layer: number })
  | (Op<'dense', 'x', 'y'> & Linear)
  /** Loss and correct count into the metrics; the gradient of the mean loss by the logits. */
  | Op<'crossEntropy', 'logits', 'dLogits'>
  /** Leaves logits and features where they are read back. */
  | Op<'output', 'logits' | 'features', never>
  /** Counts the answers, and sums their loss, into the tally. */
  | Op<'count', 'logits', never>
  | (Op<'denseWeightGradient', 'x' | 'dy', never> & Linear)
  | (Op<'denseInputGradient', 'dy', 'dx'> & Linear)
  | Op<'globalAvgPoolGradient', 'dy', 'dx'>
  | Op<'maxPool4Gradient', 'x' | 'dy', 'dx'>
  | (Op<'shortcutGradient', 'dy', 'dx'> & Reshaping)
  /** dx = dy where y > 0. */
  | Op<'reluGradient', 'dy' | 'y', 'dx'>
  /** Partial sums of dy and dy·x̂, the gradients of β and γ. With `mask`, dy counts only where mask > 0. */
  | (Op<'batchNormReduce', 'x' | 'statistics' | 'dy', 'sums', { reads: 'mask' }> & Affine)
  /**
   * dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy·x̂)). `masked` is dy where mask > 0. With `addend`, dx takes its place in
   * memory and adds to it.
   */
  | (Op<
      'batchNormInputGradient',
      'x' | 'statistics' | 'sums' | 'dy',
      'dx',
      { reads: 'mask' | 'addend'; writes: 'masked' }
    > &
      Affine)
  | (Op<'conv2dWeightGradient', 'x' | 'dy', never> & Convolution)
  /** Σ dy over images and pixels. */
  | (Op<'conv2dBiasGradient', 'dy', never> & { readonly bias: string })
  /** `addend` as above. */
  | (Op<'conv2dInputGradient', 'dy', 'dx', { reads: 'addend' }> & Convolution)
  /** One step of every parameter, from all gradients. */
  | Op<'optimise', never, never>

export type OperationOf<Name extends Operation['op']> = Extract<Operation, { op: Name }>

export type Program = { readonly values: readonly Value[]; readonly operations: readonly Operation[] }

export const readsOf = (operation: Operation): ValueId[] => Object.values<ValueId>(operation.reads)
export const writesOf = (operation: Operation): ValueId[] => Object.values<ValueId>(operation.writes)

export function valueOf(program: Pick<Program, 'values'>, id: ValueId): Value {
  const value = program.values[id]
  if (!value) throw new Error(`value ${id} is not in the program`)
  return value
}

/** The operation that writes each value. */
export function producers(operations: readonly Operation[]): Map<ValueId, Operation> {
  return new Map(operations.flatMap((operation) => writesOf(operation).map((id) => [id, operation] as const)))
}

/** The operations that read each value, in order. */
export function consumers(operations: readonly Operation[]): Map<ValueId, Operation[]> {
  const found = new Map<ValueId, Operation[]>()
  for (const operation of operations) {
    for (const id of new Set(readsOf(operation))) found.set(id, [...(found.get(id) ?? []), operation])
  }
  return found
}

/** Collects a program's values and operations. */
export function createProgramBuilder() {
  const values: Value[] = []
  const operations: Operation[] = []
  return {
    images(shape: Shape, label: string): ValueId {
      return values.push({ id: values.length, kind: 'images', shape, label }) - 1
    },
    channels(shape: Shape, label: string): ValueId {
      return values.push({ id: values.length, kind: 'channels', shape, label }) - 1
    },
    emit(operation: Operation): void {
      operations.push(operation)
    },
    finish: (): Program => ({ values, operations }),
  }
}
export type ProgramBuilder = ReturnType<typeof createProgramBuilder>
