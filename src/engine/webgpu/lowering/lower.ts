// From operations to kernels: which shaders compute an operation, and what their bindings are bound to.
import { IMAGE_BYTES } from '../../../base/data-set.ts'
import type { Lowered } from './dispatch.ts'
import { count } from '../kernels/count.ts'
import { crossEntropy } from '../kernels/cross-entropy.ts'
import { decode, imageMeans } from '../kernels/images/decode.ts'
import { denseForward, denseInputGradient, type DenseShape, denseWeightGradient } from '../kernels/dense.ts'
import { dropout2d } from '../kernels/dropout.ts'
import { add, relu, reluBackward } from '../kernels/element-wise.ts'
import { optimise } from '../kernels/optimise/optimise.ts'
import { whiten } from '../kernels/images/whiten.ts'
import { activationBytes, FLOAT_BYTES } from '../memory/layout.ts'
import {
  lowerApply,
  lowerInference,
  lowerInputGradient,
  lowerReduce,
  lowerStatistics,
  lowerTrack,
  normSumBytes,
} from './lower-batch-norm.ts'
import {
  lowerBiasGradient,
  lowerConv2d,
  lowerConv2dInputGradient,
  lowerConv2dWeightGradient,
} from './lower-convolution.ts'
import { createPartialSums, type PartialSums } from './lower-partial-sums.ts'
import { lowerGlobalAvgPool, lowerMaxPool, lowerMaxPoolGradient, lowerShortcut } from './lower-pool.ts'
import { createLowering, type Lowering, type LoweringContext } from './lowering.ts'
import { slotRanges, tallyRanges, WHITENING_RANGES, wholeBuffer } from '../memory/network-layout.ts'
import type { Operation, OperationOf, Program, ValueId } from '../../compiler/program.ts'

/** What a program executes on a device, and how large the buffer `partials` must be for it. */
export function lower(
  program: Program,
  context: LoweringContext,
): Lowered & { readonly partialBytes: number } {
  const lowering = createLowering(program, context)
  const sums = createPartialSums(lowering, normSumBytes(lowering, program))
  const output = program.operations.find((operation) => operation.op === 'output')
  if (output) {
    lowering.bind(output.reads.logits, wholeBuffer(context.layout, 'logits'))
    lowering.bind(output.reads.features, wholeBuffer(context.layout, 'features'))
  }
  for (const operation of program.operations) {
    lowerOperation(lowering, sums, operation)
  }
  return { ...lowering.finish(), partialBytes: sums.bytes() }
}

function lowerOperation(lowering: Lowering, sums: PartialSums, operation: Operation): void {
  switch (operation.op) {
    case 'decode':
      return lowerDecode(lowering, operation)
    case 'conv2d':
      return lowerConv2d(lowering, operation)
    case 'conv2dInputGradient':
      return lowerConv2dInputGradient(lowering, operation)
    case 'batchNormStatistics':
      return lowerStatistics(lowering, operation)
    case 'batchNormApply':
      return lowerApply(lowering, operation)
    case 'batchNormTrack':
      return lowerTrack(lowering, operation)
    case 'batchNormInference':
      return lowerInference(lowering, operation)
    case 'batchNormReduce':
      return lowerReduce(lowering, sums, operation)
    case 'batchNormInputGradient':
      return lowerInputGradient(lowering, operation)
    case 'relu':
    case 'reluGradient':
    case 'add':
      return lowerElementWise(lowering, operation)
    case 'shortcut':
    case 'shortcutGradient':
      return lowerShortcut(lowering, operation)
    case 'globalAvgPool':
    case 'globalAvgPoolGradient':
      return lowerGlobalAvgPool(lowering, operation)
    case 'maxPool4':
      return lowerMaxPool(lowering, operation)
    case 'maxPool4Gradient':
      return lowerMaxPoolGradient(lowering, operation)
    case 'dropout2d':
      return lowerDropout(lowering, operation)
    case 'conv2dWeightGradient':
      return lowerConv2dWeightGradient(lowering, sums, operation)
    case 'conv2dBiasGradient':
      return lowerBiasGradient(lowering, sums, operation)
    case 'dense':
    case 'denseInputGradient':
    case 'denseWeightGradient':
      return lowerDense(lowering, operation)
    case 'crossEntropy':
      return lowerCrossEntropy(lowering, operation)
    case 'count':
      return lowerCount(lowering, operation)
    case 'optimise':
      return lowerOptimise(lowering, sums)
    case 'output':
      // Its values lie where they are read back.
      return
    default:
      operation satisfies never
  }
}

function lowerDecode(lowering: Lowering, { writes }: OperationOf<'decode'>): void {
  const { batch, layout, normalisation, whitening } = lowering.context
  const { pixels, images, rotations } = layout.upload
  const y = lowering.operand(writes.y)
  const means =
    normalisation.kind === 'image-mean' ? lowering.scratch(batch * FLOAT_BYTES, 'image means') : null
  const decoded = whitening ? lowering.scratch(batch * IMAGE_BYTES * FLOAT_BYTES, 'images to whiten') : y
  if (means) lowering.emit(imageMeans(batch), { pixels, means })
  lowering.emit(decode(batch, normalisation, whitening ? 'values' : 'pixels'), {
    pixels,
    images,
    rotations,
    normalised: wholeBuffer(layout, 'normalised'),
    ...(means && { means }),
    destination: decoded,
  })
  if (whitening) {
    lowering.emit(whiten(batch), { source: decoded, ...WHITENING_RANGES, destination: y })
  }
}

function lowerElementWise(
  lowering: Lowering,
  operation: OperationOf<'relu'> | OperationOf<'reluGradient'> | OperationOf<'add'>,
): void {
  const { operand } = lowering
  const bytes = (id: ValueId) => activationBytes(lowering.context.batch, lowering.value(id).shape)
  switch (operation.op) {
    case 'relu': {
      const { reads, writes } = operation
      return lowering.emit(relu(bytes(writes.y)), {
        source: operand(reads.x),
        destination: operand(writes.y),
      })
    }
    case 'reluGradient': {
      const { reads, writes } = operation
      return lowering.emit(reluBackward(bytes(writes.dx)), {
        gradient: operand(reads.dy),
        output: operand(reads.y),
        destination: operand(writes.dx),
      })
    }
    case 'add': {
      const { reads, writes } = operation
      return lowering.emit(add(bytes(writes.y)), {
        left: operand(reads.a),
        right: operand(reads.b),
        destination: operand(writes.y),
      })
    }
    default:
      operation satisfies never
  }
}

function lowerDropout(lowering: Lowering, { reads, writes, rate, layer }: OperationOf<'dropout2d'>): void {
  const { batch, dropoutSeed: seed } = lowering.context
  lowering.emit(dropout2d({ batch, ...lowering.value(writes.y).shape }, { seed, layer, rate }), {
    source: lowering.operand(reads.x),
    destination: lowering.operand(writes.y),
  })
}

function lowerDense(
  lowering: Lowering,
  operation: OperationOf<'dense'> | OperationOf<'denseInputGradient'> | OperationOf<'denseWeightGradient'>,
): void {
  const { operand, parameter, gradient } = lowering
  const { weight, bias } = operation
  const shapeOf = (input: ValueId, output: ValueId): DenseShape => ({
    batch: lowering.context.batch,
    inChannels: lowering.value(input).shape.channels,
    outChannels: lowering.value(output).shape.channels,
  })
  switch (operation.op) {
    case 'dense': {
      const { reads, writes } = operation
      return lowering.emit(denseForward(shapeOf(reads.x, writes.y), { bias: bias !== null }), {
        source: operand(reads.x),
        weights: parameter(weight),
        ...(bias === null ? {} : { bias: parameter(bias) }),
        destination: operand(writes.y),
      })
    }
    case 'denseInputGradient': {
      const { reads, writes } = operation
      return lowering.emit(denseInputGradient(shapeOf(writes.dx, reads.dy)), {
        gradient: operand(reads.dy),
        weights: parameter(weight),
        destination: operand(writes.dx),
      })
    }
    case 'denseWeightGradient': {
      const { reads } = operation
      return lowering.emit(denseWeightGradient(shapeOf(reads.x, reads.dy), { bias: bias !== null }), {
        source: operand(reads.x),
        gradient: operand(reads.dy),
        weightGradient: gradient(weight),
        ...(bias === null ? {} : { biasGradient: gradient(bias) }),
      })
    }
    default:
      operation satisfies never
  }
}

function lowerCrossEntropy(lowering: Lowering, { reads, writes }: OperationOf<'crossEntropy'>): void {
  const { batch, layout, labelSmoothing, lossScale, graph } = lowering.context
  lowering.emit(crossEntropy({ batch, classes: graph.classes }, { labelSmoothing, lossScale }), {
    logits: lowering.operand(reads.logits),
    images: layout.upload.images,
    gradient: lowering.operand(writes.dLogits),
    metrics: wholeBuffer(layout, 'metrics'),
  })
}

function lowerCount(lowering: Lowering, { reads }: OperationOf<'count'>): void {
  const { batch, layout, graph } = lowering.context
  lowering.emit(count(batch, graph.classes), {
    logits: lowering.operand(reads.logits),
    images: layout.upload.images,
    ...tallyRanges(graph),
  })
}

function lowerOptimise(lowering: Lowering, sums: PartialSums): void {
  sums.sum()
  const { layout, optimiser, lossScale } = lowering.context
  lowering.emit(optimise(layout.parameters.bytes, optimiser, lossScale), {
    parameters: wholeBuffer(layout, 'parameters'),
    gradients: wholeBuffer(layout, 'gradients'),
    decay: wholeBuffer(layout, 'decay'),
    ...slotRanges(layout),
  })
}
