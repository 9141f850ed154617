import {
  batchNormApply,
  batchNormBackwardFinalise,
  batchNormFinalise,
  batchNormInference,
  batchNormInputGradient,
  batchNormPartialsBytes,
  batchNormReduce,
  type BatchNormShape,
  batchNormStatistics,
  coefficientsBytes,
  statisticsBytes,
} from './kernels/batch-norm.ts'
import type { Lowering } from './lowering.ts'
import type { OperationOf, ValueId } from './program.ts'

export function lowerStatistics(lowering: Lowering, operation: OperationOf<'batchNormStatistics'>): void {
  const { reads, writes, mean, variance } = operation
  const shape = shapeOf(lowering, reads.x)
  const partials = lowering.scratch(batchNormPartialsBytes(shape), 'partial statistics')
  lowering.emit(batchNormStatistics(shape), { source: lowering.operand(reads.x), partials })
  lowering.emit(batchNormFinalise(shape, operation), {
    partials,
    statistics: lowering.operand(writes.statistics, statisticsBytes(shape)),
    runningMean: lowering.statistic(mean),
    runningVariance: lowering.statistic(variance),
  })
}

export function lowerApply(lowering: Lowering, operation: OperationOf<'batchNormApply'>): void {
  const { reads, writes, scale, shift, relu } = operation
  const application = { relu, residual: reads.residual !== undefined }
  lowering.emit(batchNormApply(shapeOf(lowering, reads.x), application), {
    source: lowering.operand(reads.x),
    statistics: lowering.operand(reads.statistics),
    scale: lowering.parameter(scale),
    shift: lowering.parameter(shift),
    ...(reads.residual === undefined ? {} : { residual: lowering.operand(reads.residual) }),
    destination: lowering.operand(writes.y),
  })
}

export function lowerInference(lowering: Lowering, operation: OperationOf<'batchNormInference'>): void {
  const { reads, writes, scale, shift, mean, variance, relu, epsilon } = operation
  const application = { relu, residual: reads.residual !== undefined }
  lowering.emit(batchNormInference(shapeOf(lowering, reads.x), application, epsilon), {
    source: lowering.operand(reads.x),
    runningMean: lowering.statistic(mean),
    runningVariance: lowering.statistic(variance),
    scale: lowering.parameter(scale),
    shift: lowering.parameter(shift),
    ...(reads.residual === undefined ? {} : { residual: lowering.operand(reads.residual) }),
    destination: lowering.operand(writes.y),
  })
}

export function lowerReduce(lowering: Lowering, operation: OperationOf<'batchNormReduce'>): void {
  const { reads, writes, scale, shift } = operation
  const shape = shapeOf(lowering, reads.x)
  const partials = lowering.scratch(batchNormPartialsBytes(shape), 'partial gradient sums')
  const statistics = lowering.operand(reads.statistics)
  lowering.emit(batchNormReduce(shape, { masked: reads.mask !== undefined }), {
    gradient: lowering.operand(reads.dy),
    ...(reads.mask === undefined ? {} : { mask: lowering.operand(reads.mask) }),
    source: lowering.operand(reads.x),
    statistics,
    partials,
  })
  lowering.emit(batchNormBackwardFinalise(shape), {
    partials,
    statistics,
    scale: lowering.parameter(scale),
    scaleGradient: lowering.gradient(scale),
    shiftGradient: lowering.gradient(shift),
    coefficients: lowering.operand(writes.sums, coefficientsBytes(shape)),
  })
}

export function lowerInputGradient(
  lowering: Lowering,
  { reads, writes }: OperationOf<'batchNormInputGradient'>,
): void {
  if (reads.addend !== undefined) lowering.bind(writes.dx, lowering.operand(reads.addend))
  const variant = {
    masked: reads.mask !== undefined,
    keepsMasked: writes.masked !== undefined,
    accumulate: reads.addend !== undefined,
  }
  lowering.emit(batchNormInputGradient(shapeOf(lowering, reads.x), variant), {
    gradient: lowering.operand(reads.dy),
    ...(reads.mask === undefined ? {} : { mask: lowering.operand(reads.mask) }),
    source: lowering.operand(reads.x),
    coefficients: lowering.operand(reads.sums),
    destination: lowering.operand(writes.dx),
    ...(writes.masked === undefined ? {} : { residualGradient: lowering.operand(writes.masked) }),
  })
}

function shapeOf({ context, value }: Lowering, id: ValueId): BatchNormShape {
  const { height, width, channels } = value(id).shape
  return { batch: context.batch, height, width, channels }
}
