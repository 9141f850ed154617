// Pools and shortcuts: operations that only move, average or choose pixels.
import { globalAvgPool, globalAvgPoolBackward } from '../kernels/pool/global-avg-pool.ts'
import { maxPool, maxPoolBackward, type MaxPoolShape } from '../kernels/pool/max-pool.ts'
import { shortcut, shortcutBackward } from '../kernels/pool/shortcut.ts'
import type { Lowering } from './lowering.ts'
import type { OperationOf, ValueId } from '../../compiler/program.ts'

export function lowerShortcut(
  lowering: Lowering,
  operation: OperationOf<'shortcut'> | OperationOf<'shortcutGradient'>,
): void {
  const { stride, window, before, after, factor } = operation
  const isForward = operation.op === 'shortcut'
  const [from, to] = isForward
    ? [operation.reads.x, operation.writes.y]
    : [operation.reads.dy, operation.writes.dx]
  const shape = { ...imagesShape(lowering, isForward ? from : to), stride, window, before, after, factor }
  lowering.emit(isForward ? shortcut(shape) : shortcutBackward(shape), {
    source: lowering.operand(from),
    destination: lowering.operand(to),
  })
}

export function lowerGlobalAvgPool(
  lowering: Lowering,
  operation: OperationOf<'globalAvgPool'> | OperationOf<'globalAvgPoolGradient'>,
): void {
  const isForward = operation.op === 'globalAvgPool'
  const [from, to] = isForward
    ? [operation.reads.x, operation.writes.y]
    : [operation.reads.dy, operation.writes.dx]
  const shape = imagesShape(lowering, isForward ? from : to)
  lowering.emit(isForward ? globalAvgPool(shape) : globalAvgPoolBackward(shape), {
    source: lowering.operand(from),
    destination: lowering.operand(to),
  })
}

export function lowerMaxPool(lowering: Lowering, { reads, writes }: OperationOf<'maxPool4'>): void {
  lowering.emit(maxPool(maxPoolShape(lowering, reads.x)), {
    source: lowering.operand(reads.x),
    destination: lowering.operand(writes.y),
  })
}

export function lowerMaxPoolGradient(
  lowering: Lowering,
  { reads, writes }: OperationOf<'maxPool4Gradient'>,
): void {
  lowering.emit(maxPoolBackward(maxPoolShape(lowering, reads.x)), {
    source: lowering.operand(reads.x),
    gradient: lowering.operand(reads.dy),
    destination: lowering.operand(writes.dx),
  })
}

const maxPoolShape = (lowering: Lowering, input: ValueId): MaxPoolShape => ({
  ...imagesShape(lowering, input),
  window: 4,
})

const imagesShape = ({ context, value }: Lowering, id: ValueId) => ({
  batch: context.batch,
  ...value(id).shape,
})
