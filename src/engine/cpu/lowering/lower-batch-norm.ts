import { consumers, type OperationOf, type ValueId } from '../../compiler/program.ts'
import { clearBorder, imagesArguments } from './images.ts'
import { FLOAT_BYTES } from '../memory/layout.ts'
import type { Lowering } from './lowering.ts'

/** Mean, 1 ÷ σ and γ ÷ σ; coefficients of the input's gradient: a, b, c. */
const STATISTICS_ROWS = 3
/** Partial sums: mean and squared deviations; Σ dy and Σ dy · (x − mean). */
const PARTIAL_ROWS = 2

export function lowerStatistics(lowering: Lowering, operation: OperationOf<'batchNormStatistics'>): void {
  const { reads, writes } = operation
  const { sides, pixels, channels, chunks, partials } = shapeOf(lowering, operation, reads.x)
  lowering.emit(operation, 'moments', {
    ...imagesArguments('x', lowering.images(reads.x)),
    ...sides,
    partials,
  })
  const user = consumers(lowering.program.operations).get(writes.moments)?.[0]
  if (user?.op !== 'batchNormApply' && user?.op !== 'batchNormTrack') {
    throw new Error('statistics of no batch norm')
  }
  lowering.finish(operation, 'mergeMoments', {
    partials,
    chunkImages: chunks.images,
    pixels,
    channels,
    statistics: lowering.channels(user.writes.statistics, STATISTICS_ROWS),
    scale: lowering.parameter(user.scale),
    runningMean: lowering.statistic(user.mean),
    runningVariance: lowering.statistic(user.variance),
    epsilon: user.epsilon,
    momentum: user.momentum,
  })
}

export function lowerApply(lowering: Lowering, operation: OperationOf<'batchNormApply'>): void {
  lowerNormalise(lowering, operation, lowering.channels(operation.writes.statistics, STATISTICS_ROWS))
}

export function lowerInference(lowering: Lowering, operation: OperationOf<'batchNormInference'>): void {
  const { reads, scale, mean, variance, epsilon } = operation
  const { channels } = lowering.images(reads.x).layout
  // Every chunk makes them anew: that is little work, and needs no waiting.
  const statistics = lowering.own(STATISTICS_ROWS * channels * FLOAT_BYTES, `statistics of ${scale}`)
  lowering.emit(operation, 'runningStatistics', {
    channels,
    statistics,
    scale: lowering.parameter(scale),
    runningMean: lowering.statistic(mean),
    runningVariance: lowering.statistic(variance),
    epsilon,
  })
  lowerNormalise(lowering, operation, statistics)
}

function lowerNormalise(
  lowering: Lowering,
  operation: OperationOf<'batchNormApply'> | OperationOf<'batchNormInference'>,
  statistics: ReturnType<Lowering['channels']>,
): void {
  const { reads, writes, shift, relu } = operation
  const target = lowering.images(writes.y)
  clearBorder(lowering, operation, target)
  lowering.emit(operation, 'normalise', {
    ...imagesArguments('x', lowering.images(reads.x)),
    ...imagesArguments('y', target),
    ...imagesArguments('residual', reads.residual === undefined ? null : lowering.images(reads.residual)),
    rows: target.layout.height,
    cols: target.layout.width,
    channels: target.layout.channels,
    statistics,
    shift: lowering.parameter(shift),
    relu: Number(relu),
  })
}

export function lowerReduce(lowering: Lowering, operation: OperationOf<'batchNormReduce'>): void {
  const { reads, writes, scale, shift } = operation
  const { sides, pixels, channels, chunks, partials } = shapeOf(lowering, operation, reads.x)
  const statistics = lowering.channels(reads.statistics, STATISTICS_ROWS)
  lowering.emit(operation, 'normGradientSums', {
    ...imagesArguments('dy', lowering.images(reads.dy)),
    ...imagesArguments('mask', reads.mask === undefined ? null : lowering.images(reads.mask)),
    ...imagesArguments('x', lowering.images(reads.x)),
    ...sides,
    statistics,
    partials,
  })
  lowering.finish(operation, 'mergeNormGradients', {
    partials,
    chunkImages: chunks.images,
    pixels,
    channels,
    statistics,
    coefficients: lowering.channels(writes.sums, STATISTICS_ROWS),
    scaleGradient: lowering.gradient(scale),
    shiftGradient: lowering.gradient(shift),
  })
}

export function lowerNormInputGradient(
  lowering: Lowering,
  operation: OperationOf<'batchNormInputGradient'>,
): void {
  const { reads, writes } = operation
  const target = lowering.images(writes.dx)
  const masked = writes.masked === undefined ? null : lowering.images(writes.masked)
  const accumulate = reads.addend !== undefined
  if (!accumulate) clearBorder(lowering, operation, target)
  if (masked) clearBorder(lowering, operation, masked)
  lowering.emit(operation, 'normInputGradient', {
    ...imagesArguments('dy', lowering.images(reads.dy)),
    ...imagesArguments('mask', reads.mask === undefined ? null : lowering.images(reads.mask)),
    ...imagesArguments('x', lowering.images(reads.x)),
    ...imagesArguments('dx', target),
    ...imagesArguments('masked', masked),
    rows: target.layout.height,
    cols: target.layout.width,
    channels: target.layout.channels,
    statistics: lowering.channels(reads.statistics, STATISTICS_ROWS),
    coefficients: lowering.channels(reads.sums, STATISTICS_ROWS),
    accumulate: Number(accumulate),
  })
}

function shapeOf(
  lowering: Lowering,
  operation: OperationOf<'batchNormStatistics'> | OperationOf<'batchNormReduce'>,
  id: ValueId,
) {
  const { height, width, channels } = lowering.images(id).layout
  const chunks = lowering.chunks(operation)
  const bytes = chunks.count * PARTIAL_ROWS * channels * FLOAT_BYTES
  return {
    sides: { rows: height, cols: width, channels },
    pixels: height * width,
    channels,
    chunks,
    partials: lowering.shared(bytes, `partial sums of ${operation.op}`),
  }
}
