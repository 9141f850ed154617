// Joins operations whose values need not reach memory: every rewrite leaves the arithmetic as it was.
import { order } from './order.ts'
import {
  consumers,
  type Operation,
  type OperationOf,
  type Program,
  readsOf,
  type Reshaping,
  type ValueId,
  writesOf,
} from './program.ts'

/** The same program in fewer operations. */
export function fuse({ values, operations }: Program): Program {
  const rewrites = [joinShortcuts, joinNormalisations, maskGradientSums, order, accumulateGradients]
  return { values, operations: rewrites.reduce((list, rewrite) => rewrite(list), operations) }
}

type Rewrite = (operations: readonly Operation[]) => readonly Operation[]

/** Subsampling or pooling, then zero channels: one shortcut. In the backward pass the other way round. */
const joinShortcuts: Rewrite = joinWithProducer((operation, producer) => {
  if ('stride' in operation && operation.stride === 2 && 'stride' in producer && producer.stride === 2)
    return null
  if (operation.op === 'shortcut' && producer.op === 'shortcut') {
    return { ...operation, reads: producer.reads, ...sumOfReshapings(operation, producer) }
  }
  if (operation.op === 'shortcutGradient' && producer.op === 'shortcutGradient') {
    return { ...operation, reads: producer.reads, ...sumOfReshapings(operation, producer) }
  }
  return null
})

function sumOfReshapings(a: Reshaping, b: Reshaping): Reshaping {
  return {
    stride: a.stride === 1 ? b.stride : a.stride,
    window: a.window === 1 ? b.window : a.window,
    before: a.before + b.before,
    after: a.after + b.after,
    factor: a.factor * b.factor,
  }
}

/** Batch norm + shortcut + ReLU: one pass over the images. */
const joinNormalisations: Rewrite = joinWithProducer((operation, producer) => {
  if (producer.op !== 'batchNormApply' && producer.op !== 'batchNormInference') return null
  if (producer.relu) return null
  if (operation.op === 'relu') {
    const { y } = operation.writes
    return producer.op === 'batchNormApply'
      ? { ...producer, writes: { ...producer.writes, y }, relu: true }
      : { ...producer, writes: { y }, relu: true }
  }
  if (operation.op !== 'add' || producer.reads.residual !== undefined) return null
  const { a, b } = operation.reads
  const residual = a === producer.writes.y ? b : a
  const { y } = operation.writes
  return producer.op === 'batchNormApply'
    ? { ...producer, reads: { ...producer.reads, residual }, writes: { ...producer.writes, y } }
    : { ...producer, reads: { ...producer.reads, residual }, writes: { y } }
})

/**
 * A gradient's sum with another: a convolution's or batch norm's input gradient adds to the other where that lies. Counts
 * on the order: whoever else needs the other as it was must have read it before.
 */
const accumulateGradients: Rewrite = joinWithProducer((operation, producer, readers) => {
  if (operation.op !== 'add') return null
  if (producer.op !== 'conv2dInputGradient' && producer.op !== 'batchNormInputGradient') return null
  // What else a batch norm writes may be read before the sum.
  if (producer.reads.addend !== undefined || writesOf(producer).length > 1) return null
  const addend = operation.reads.a === producer.writes.dx ? operation.reads.b : operation.reads.a
  if (readsOf(producer).includes(addend) || readers(addend).at(-1) !== operation) return null
  const writes = { dx: operation.writes.y }
  return producer.op === 'conv2dInputGradient'
    ? { ...producer, reads: { ...producer.reads, addend }, writes }
    : { ...producer, reads: { ...producer.reads, addend }, writes }
})

/**
 * Replaces an operation and the producer of one of its values, which nobody else reads, by what `join` makes of them;
 * null leaves them. Later operations see the joined one as a producer, so chains join from the front.
 */
function joinWithProducer(
  join: (
    operation: Operation,
    producer: Operation,
    readers: (id: ValueId) => readonly Operation[],
  ) => Operation | null,
): Rewrite {
  return (operations) => {
    const readersOf = consumers(operations)
    const readers = (id: ValueId) => readersOf.get(id) ?? []
    const kept = new Set<Operation>()
    const producerOf = new Map<ValueId, Operation>()
    for (const operation of operations) {
      let result = operation
      for (const id of readsOf(operation)) {
        const producer = producerOf.get(id)
        if (!producer || readers(id).length !== 1) continue
        const joined = join(operation, producer, readers)
        if (!joined) continue
        kept.delete(producer)
        result = joined
        break
      }
      kept.add(result)
      for (const id of Object.values<ValueId>(result.writes)) producerOf.set(id, result)
    }
    return [...kept]
  }
}

/**
 * ReLU's gradient before batch norm's: the norm masks the incoming gradient itself, twice, rather than reading it from
 * memory. Whoever else needs the masked gradient (a shortcut) gets it as the norm's second output.
 */
const maskGradientSums: Rewrite = (operations) => {
  const readersOf = consumers(operations)
  const masks = new Map<ValueId, OperationOf<'reluGradient'>>()
  const writers = new Set<Operation>()
  for (const operation of operations) {
    if (operation.op !== 'reluGradient') continue
    const readers = readersOf.get(operation.writes.dx) ?? []
    const norm = readers.find(({ op }) => op === 'batchNormInputGradient')
    if (!norm) continue
    masks.set(operation.writes.dx, operation)
    if (readers.some(({ op }) => op !== 'batchNormReduce' && op !== 'batchNormInputGradient'))
      writers.add(norm)
  }
  const masked = (operation: Operation): Operation => {
    if (operation.op !== 'batchNormReduce' && operation.op !== 'batchNormInputGradient') return operation
    const relu = masks.get(operation.reads.dy)
    if (!relu) return operation
    const mask = { dy: relu.reads.dy, mask: relu.reads.y }
    if (operation.op === 'batchNormReduce') return { ...operation, reads: { ...operation.reads, ...mask } }
    const second = writers.has(operation) ? { masked: relu.writes.dx } : {}
    return {
      ...operation,
      reads: { ...operation.reads, ...mask },
      writes: { ...operation.writes, ...second },
    }
  }
  return operations
    .filter((operation) => operation.op !== 'reluGradient' || !masks.has(operation.writes.dx))
    .map(masked)
}
