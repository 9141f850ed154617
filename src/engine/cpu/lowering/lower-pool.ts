// Pools and shortcuts: operations that only move, average or choose pixels.
import type { OperationOf, ValueId } from '../../compiler/program.ts'
import { clearBorder, imagesArguments } from './images.ts'
import type { Lowering } from './lowering.ts'

export function lowerPool(
  lowering: Lowering,
  operation: OperationOf<'globalAvgPool'> | OperationOf<'globalAvgPoolGradient'> | OperationOf<'maxPool4'>,
): void {
  const isBackward = operation.op === 'globalAvgPoolGradient'
  const [below, above] = isBackward
    ? [operation.writes.dx, operation.reads.dy]
    : [operation.reads.x, operation.writes.y]
  const [input, output] = [lowering.images(below), lowering.images(above)]
  clearBorder(lowering, operation, isBackward ? input : output)
  const kernel = {
    globalAvgPool: 'globalAveragePool',
    globalAvgPoolGradient: 'globalAveragePoolGradient',
    maxPool4: 'maxPool',
  } as const
  lowering.emit(operation, kernel[operation.op], {
    ...imagesArguments('x', input),
    ...imagesArguments('y', output),
    ...sides(lowering, below),
  })
}

export function lowerMaxPoolGradient(lowering: Lowering, operation: OperationOf<'maxPool4Gradient'>): void {
  const { reads, writes } = operation
  const target = lowering.images(writes.dx)
  clearBorder(lowering, operation, target)
  lowering.emit(operation, 'maxPoolGradient', {
    ...imagesArguments('x', lowering.images(reads.x)),
    ...imagesArguments('dy', lowering.images(reads.dy)),
    ...imagesArguments('dx', target),
    ...sides(lowering, writes.dx),
  })
}

export function lowerShortcut(
  lowering: Lowering,
  operation: OperationOf<'shortcut'> | OperationOf<'shortcutGradient'>,
): void {
  const { stride, window, before, factor } = operation
  const isBackward = operation.op === 'shortcutGradient'
  const [below, above] = isBackward
    ? [operation.writes.dx, operation.reads.dy]
    : [operation.reads.x, operation.writes.y]
  const [input, output] = [lowering.images(below), lowering.images(above)]
  clearBorder(lowering, operation, isBackward ? input : output)
  lowering.emit(operation, operation.op, {
    ...imagesArguments('x', input),
    xPixel: input.layout.pixel,
    ...imagesArguments('y', output),
    yPixel: output.layout.pixel,
    outRows: output.layout.height,
    outCols: output.layout.width,
    inRows: input.layout.height,
    inCols: input.layout.width,
    stride,
    window,
    channels: lowering.value(below).shape.channels,
    before,
    share: factor / window ** 2,
  })
}

function sides(lowering: Lowering, id: ValueId) {
  const { height, width, channels } = lowering.images(id).layout
  return { rows: height, cols: width, channels }
}
