import type { BufferRange } from './dispatch.ts'
import type { ConvShape } from './kernels/conv-shape.ts'
import {
  conv2dBackwardData,
  conv2dBackwardFilter,
  conv2dForward,
  filterSplits,
  type RegisterTile,
} from './kernels/conv2d.ts'
import { type FilterSum, sumFilterPartials } from './kernels/sum-filter-partials.ts'
import { filterBytes, paddedChannels } from './layout.ts'
import type { Lowering } from './lowering.ts'
import { wholeBuffer } from './network-layout.ts'
import { aligned } from './plan-memory.ts'
import type { OperationOf, Value } from './program.ts'

export function lowerConv2d(lowering: Lowering, operation: OperationOf<'conv2d'>): void {
  const { reads, writes, weight, bias } = operation
  const shape = shapeOf(lowering, operation, lowering.value(reads.x), lowering.value(writes.y))
  const tile = tileFor(shape.outChannels)
  lowering.emit(conv2dForward(shape, lowering.context.weightSpace, tile, { bias: bias !== null }), {
    source: lowering.operand(reads.x),
    weights: lowering.parameter(weight),
    ...(bias === null ? {} : { bias: lowering.parameter(bias) }),
    destination: lowering.operand(writes.y),
  })
}

export function lowerConv2dInputGradient(
  lowering: Lowering,
  operation: OperationOf<'conv2dInputGradient'>,
): void {
  const { reads, writes, weight } = operation
  const shape = shapeOf(lowering, operation, lowering.value(writes.dx), lowering.value(reads.dy))
  const accumulate = reads.addend !== undefined
  if (reads.addend !== undefined) lowering.bind(writes.dx, lowering.operand(reads.addend))
  const variant = { accumulate, tile: tileFor(shape.inChannels) }
  lowering.emit(conv2dBackwardData(shape, lowering.context.weightSpace, variant), {
    source: lowering.operand(reads.dy),
    weights: lowering.parameter(weight),
    destination: lowering.operand(writes.dx),
  })
}

/** The weight gradients of all convolutions: partial sums each, and one dispatch that adds up all of them. */
export function createWeightGradients(lowering: Lowering) {
  const sums: FilterSum[] = []
  let partialBytes = 0

  function takePartials(bytes: number): BufferRange {
    const range: BufferRange = { buffer: 'partials', offset: partialBytes, bytes }
    partialBytes += aligned(bytes)
    return range
  }

  return {
    add: (operation: OperationOf<'conv2dWeightGradient'>): void => {
      const { reads, weight } = operation
      const shape = shapeOf(lowering, operation, lowering.value(reads.x), lowering.value(reads.dy))
      const splits = filterSplits(shape)
      const bytes = filterBytes(shape)
      const gradient = lowering.gradient(weight)
      const partials = splits === 1 ? gradient : takePartials(splits * bytes)
      if (splits > 1) {
        sums.push({ partialsOffset: partials.offset, splits, gradientOffset: gradient.offset, bytes })
      }
      lowering.emit(conv2dBackwardFilter(shape, splits), {
        source: lowering.operand(reads.x),
        gradient: lowering.operand(reads.dy),
        partials,
      })
    },

    /** After the last `add`: what makes the gradients complete. */
    sum: (): void => {
      if (sums.length === 0) return
      lowering.emit(sumFilterPartials(sums), {
        partials: { buffer: 'partials', offset: 0, bytes: partialBytes },
        gradients: wholeBuffer(lowering.context.layout, 'gradients'),
      })
    },

    partialBytes: () => partialBytes,
  }
}

/** The largest tile that pays on software adapters, without channels that the target does not have. */
function tileFor(targetChannels: number): RegisterTile {
  return { pixels: 8, channels: Math.min(16, paddedChannels(targetChannels)) }
}

function shapeOf(
  { context }: Lowering,
  { kernel, stride }: Pick<ConvShape, 'kernel' | 'stride'>,
  input: Value,
  output: Value,
): ConvShape {
  const { height, width, channels } = input.shape
  return {
    batch: context.batch,
    height,
    width,
    stride,
    kernel,
    inChannels: channels,
    outChannels: output.shape.channels,
  }
}
