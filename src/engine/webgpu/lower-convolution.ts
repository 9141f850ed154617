import { networkFacts } from '../../network/network-facts.ts'
import type { Convolution } from './convolution-candidates.ts'
import type { BufferRange } from './dispatch.ts'
import type { ConvShape } from './kernels/conv-shape.ts'
import { type FilterSum, sumFilterPartials } from './kernels/sum-filter-partials.ts'
import { filterBytes } from './layout.ts'
import type { Lowering, LoweringContext } from './lowering.ts'
import { wholeBuffer } from './network-layout.ts'
import { aligned } from './plan-memory.ts'
import {
  type Operation,
  type OperationOf,
  type Program,
  type Value,
  valueOf,
  type ValueId,
} from './program.ts'

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

/** Partial sums that are kept before they are added up: this share of what the backward pass keeps, but no less than that. */
const PARTIAL_SHARE = 1 / 16
const LEAST_PARTIAL_BYTES = 2 ** 21

/** The weight gradients of all convolutions: partial sums each, and now and then one dispatch that adds up several. */
export function createWeightGradients(lowering: Lowering) {
  const { graph, batch } = lowering.context
  const capacity = Math.max(LEAST_PARTIAL_BYTES, PARTIAL_SHARE * batch * networkFacts(graph).activationBytes)
  let sums: FilterSum[] = []
  let partialBytes = 0
  let mostPartialBytes = 0

  function takePartials(bytes: number): BufferRange {
    if (partialBytes + bytes > capacity) sum()
    const range: BufferRange = { buffer: 'partials', offset: partialBytes, bytes }
    partialBytes += aligned(bytes)
    mostPartialBytes = Math.max(mostPartialBytes, partialBytes)
    return range
  }

  /** Completes the gradients of all convolutions so far. */
  function sum(): void {
    if (sums.length > 0) {
      lowering.emit(sumFilterPartials(sums), {
        partials: { buffer: 'partials', offset: 0, bytes: partialBytes },
        gradients: wholeBuffer(lowering.context.layout, 'gradients'),
      })
    }
    sums = []
    partialBytes = 0
  }

  return {
    add: (operation: OperationOf<'conv2dWeightGradient'>): void => {
      const { reads, weight } = operation
      const convolution = convolutionOf(operation, lowering.value, lowering.context)
      const { kernel, splits } = lowering.context.choice(convolution)
      const bytes = filterBytes(convolution.shape)
      const gradient = lowering.gradient(weight)
      const partials = splits === 1 ? gradient : takePartials(splits * bytes)
      if (splits > 1) {
        sums.push({ partialsOffset: partials.offset, splits, gradientOffset: gradient.offset, bytes })
      }
      lowering.emit(kernel({}), {
        source: lowering.operand(reads.x),
        gradient: lowering.operand(reads.dy),
        partials,
      })
    },
    sum,
    partialBytes: () => mostPartialBytes,
  }
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
  const of = (input: ValueId, output: ValueId): ConvShape => {
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
      return { pass: 'forward', activations, shape: of(operation.reads.x, operation.writes.y) }
    case 'conv2dInputGradient':
      return { pass: 'backward-data', activations, shape: of(operation.writes.dx, operation.reads.dy) }
    case 'conv2dWeightGradient':
      return { pass: 'backward-filter', activations, shape: of(operation.reads.x, operation.reads.dy) }
    default:
      return operation satisfies never
  }
}
