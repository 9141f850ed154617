import type { Convolution } from './convolution-candidates.ts'
import { channelSums } from '../kernels/norm/channel-sums.ts'
import type { ConvShape } from '../kernels/convolution/conv-shape.ts'
import { pixelParts } from '../kernels/images/pixel-parts.ts'
import type { PartialSums } from './lower-partial-sums.ts'
import type { Lowering, LoweringContext } from './lowering.ts'
import {
  type Operation,
  type OperationOf,
  type Program,
  type Value,
  valueOf,
  type ValueId,
} from '../../compiler/program.ts'

export function lowerConv2d(lowering: Lowering, operation: OperationOf<'conv2d'>): void {
  const { reads, writes, weight, bias } = operation
  const { kernel } = lowering.context.choice(convolutionOf(operation, lowering.value, lowering.context))
  lowering.emit(kernel({ bias: bias !== null }), {
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
  const { kernel } = lowering.context.choice(convolutionOf(operation, lowering.value, lowering.context))
  const accumulate = reads.addend !== undefined
  if (reads.addend !== undefined) lowering.bind(writes.dx, lowering.operand(reads.addend))
  lowering.emit(kernel({ accumulate }), {
    source: lowering.operand(reads.dy),
    weights: lowering.parameter(weight),
    destination: lowering.operand(writes.dx),
  })
}

export function lowerConv2dWeightGradient(
  lowering: Lowering,
  sums: PartialSums,
  operation: OperationOf<'conv2dWeightGradient'>,
): void {
  const { reads, weight } = operation
  const { kernel, splits } = lowering.context.choice(
    convolutionOf(operation, lowering.value, lowering.context),
  )
  lowering.emit(kernel({}), {
    source: lowering.operand(reads.x),
    gradient: lowering.operand(reads.dy),
    partials: splits === 1 ? lowering.gradient(weight) : sums.take(weight, splits),
  })
}

export function lowerBiasGradient(
  lowering: Lowering,
  sums: PartialSums,
  { reads, bias }: OperationOf<'conv2dBiasGradient'>,
): void {
  const shape = { batch: lowering.context.batch, ...lowering.value(reads.dy).shape }
  lowering.emit(channelSums(shape), {
    source: lowering.operand(reads.dy),
    partials: sums.take(bias, pixelParts(shape)),
  })
}

type ConvolutionContext = Pick<LoweringContext, 'batch' | 'activations'>
type ConvolutionOperation = OperationOf<'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'>

/** Every convolution of a program, in its order. */
export function convolutionsOf(program: Program, context: ConvolutionContext): Convolution[] {
  return program.operations.flatMap((operation) =>
    isConvolution(operation) ? convolutionOf(operation, (id) => valueOf(program, id), context) : [],
  )
}

function isConvolution(operation: Operation): operation is ConvolutionOperation {
  return ['conv2d', 'conv2dInputGradient', 'conv2dWeightGradient'].includes(operation.op)
}

function convolutionOf(
  operation: ConvolutionOperation,
  value: (id: ValueId) => Value,
  { batch, activations }: ConvolutionContext,
): Convolution {
  const { kernel, stride } = operation
  const shapeBetween = (input: ValueId, output: ValueId): ConvShape => {
    const { height, width, channels } = value(input).shape
    return {
      batch,
      height,
      width,
      stride,
      kernel,
      inChannels: channels,
      outChannels: value(output).shape.channels,
    }
  }
  switch (operation.op) {
    case 'conv2d':
      return { pass: 'forward', activations, shape: shapeBetween(operation.reads.x, operation.writes.y) }
    case 'conv2dInputGradient':
      return {
        pass: 'backward-data',
        activations,
        shape: shapeBetween(operation.writes.dx, operation.reads.dy),
      }
    case 'conv2dWeightGradient':
      return {
        pass: 'backward-filter',
        activations,
        shape: shapeBetween(operation.reads.x, operation.reads.dy),
      }
    default:
      return operation satisfies never
  }
}
