import {
  batchNormApply,
  batchNormInference,
  batchNormInputGradient,
  type BatchNormMoments,
  batchNormParts,
  batchNormPartsBytes,
  batchNormReduce,
  type BatchNormShape,
  batchNormStatistics,
  batchNormTrack,
  statisticsBytes,
} from '../kernels/norm/batch-norm.ts'
import type { PartialSums } from './lower-partial-sums.ts'
import type { Lowering } from './lowering.ts'
import { wholeBuffer } from '../memory/network-layout.ts'
import { aligned } from '../../compiler/place-lifetimes.ts'
import type { OperationOf, Program, ValueId } from '../../compiler/program.ts'

export function lowerStatistics(
  lowering: Lowering,
  { reads, writes }: OperationOf<'batchNormStatistics'>,
): void {
  const shape = shapeOf(lowering, reads.x)
  lowering.emit(batchNormStatistics(shape), {
    source: lowering.operand(reads.x),
    moments: lowering.operand(writes.moments, batchNormPartsBytes(shape)),
  })
}

export function lowerApply(lowering: Lowering, operation: OperationOf<'batchNormApply'>): void {
  const { reads, writes, scale, shift, relu } = operation
  const shape = shapeOf(lowering, reads.x)
  const application = { relu, residual: reads.residual !== undefined }
  lowering.emit(batchNormApply(shape, application, momentsOf(lowering, operation)), {
    source: lowering.operand(reads.x),
    ...momentTensors(lowering, operation, shape),
    scale: lowering.parameter(scale),
    shift: lowering.parameter(shift),
    ...(reads.residual === undefined ? {} : { residual: lowering.operand(reads.residual) }),
    destination: lowering.operand(writes.y),
  })
}

export function lowerTrack(lowering: Lowering, operation: OperationOf<'batchNormTrack'>): void {
  const shape = shapeOf(lowering, operation.reads.moments)
  const tensors = momentTensors(lowering, operation, shape)
  lowering.emit(batchNormTrack(shape, momentsOf(lowering, operation)), tensors)
}

type Merging = OperationOf<'batchNormApply'> | OperationOf<'batchNormTrack'>

const momentsOf = (lowering: Lowering, { mean, variance, epsilon, momentum }: Merging): BatchNormMoments => ({
  epsilon,
  momentum,
  runningMeanOffset: lowering.statistic(mean).offset,
  runningVarianceOffset: lowering.statistic(variance).offset,
})

const momentTensors = (lowering: Lowering, { reads, writes }: Merging, shape: BatchNormShape) => ({
  moments: lowering.operand(reads.moments),
  statistics: lowering.operand(writes.statistics, statisticsBytes(shape)),
  running: wholeBuffer(lowering.context.layout, 'statistics'),
})

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

/** What the partial sums of a program's norms take, until the end of its step. */
export function normSumBytes(lowering: Lowering, { operations }: Program): number {
  const norms = operations.filter((operation) => operation.op === 'batchNormReduce')
  return norms.reduce((sum, { reads }) => sum + aligned(batchNormPartsBytes(shapeOf(lowering, reads.x))), 0)
}

export function lowerReduce(
  lowering: Lowering,
  sums: PartialSums,
  { reads, writes, scale, shift }: OperationOf<'batchNormReduce'>,
): void {
  const shape = shapeOf(lowering, reads.x)
  lowering.bind(writes.sums, sums.keep([shift, scale], batchNormParts(shape)))
  lowering.emit(batchNormReduce(shape, { masked: reads.mask !== undefined }), {
    gradient: lowering.operand(reads.dy),
    ...(reads.mask === undefined ? {} : { mask: lowering.operand(reads.mask) }),
    source: lowering.operand(reads.x),
    statistics: lowering.operand(reads.statistics),
    sums: lowering.operand(writes.sums),
  })
}

export function lowerInputGradient(
  lowering: Lowering,
  { reads, writes, scale }: OperationOf<'batchNormInputGradient'>,
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
    statistics: lowering.operand(reads.statistics),
    sums: lowering.operand(reads.sums),
    scale: lowering.parameter(scale),
    destination: lowering.operand(writes.dx),
    ...(writes.masked === undefined ? {} : { residualGradient: lowering.operand(writes.masked) }),
  })
}

function shapeOf({ context, value }: Lowering, id: ValueId): BatchNormShape {
  const { height, width, channels } = value(id).shape
  return { batch: context.batch, height, width, channels }
}
