// From operations to kernels: which of assembly/ compute an operation, on which tensors.
import type { Operation, OperationOf, Program } from '../../compiler/program.ts'
import { LAYER_SHIFT, dropThreshold, keptScale } from '../../dropout.ts'
import { seedWord } from '../../../base/counter-random.ts'
import { MOST_CONSTANTS } from '../../../optimisers/formula.ts'
import { FORMULAS, formulaOf } from '../../../optimisers/index.ts'
import {
  lowerApply,
  lowerInference,
  lowerNormInputGradient,
  lowerReduce,
  lowerStatistics,
} from './lower-batch-norm.ts'
import { lowerConvolution, lowerConvolutionInputGradient } from './lower-convolution.ts'
import { lowerBiasGradient, lowerFilterGradient } from './lower-filter-gradient.ts'
import { lowerDecode } from './lower-decode.ts'
import { clearBorder, imagesArguments } from './images.ts'
import { STRETCH_BYTES } from '../memory/layout.ts'
import { createLowering, type Lowering, type LoweringContext } from './lowering.ts'
import { lowerPool, lowerMaxPoolGradient, lowerShortcut } from './lower-pool.ts'
import type { Stage } from './work.ts'

/** What a program executes. */
export function lower(program: Program, context: LoweringContext): Stage[] {
  const lowering = createLowering(program, context)
  for (const operation of program.operations) lowerOperation(lowering, operation)
  return lowering.end()
}

function lowerOperation(lowering: Lowering, operation: Operation): void {
  switch (operation.op) {
    case 'decode':
      return lowerDecode(lowering, operation)
    case 'conv2d':
    case 'dense':
      return lowerConvolution(lowering, operation)
    case 'conv2dInputGradient':
    case 'denseInputGradient':
      return lowerConvolutionInputGradient(lowering, operation)
    case 'conv2dWeightGradient':
    case 'denseWeightGradient':
      return lowerFilterGradient(lowering, operation)
    case 'conv2dBiasGradient':
      return lowerBiasGradient(lowering, operation, operation.bias)
    case 'batchNormStatistics':
      return lowerStatistics(lowering, operation)
    case 'batchNormApply':
      return lowerApply(lowering, operation)
    case 'batchNormInference':
      return lowerInference(lowering, operation)
    case 'batchNormReduce':
      return lowerReduce(lowering, operation)
    case 'batchNormInputGradient':
      return lowerNormInputGradient(lowering, operation)
    case 'relu':
    case 'add':
    case 'reluGradient':
      return lowerElementWise(lowering, operation)
    case 'shortcut':
    case 'shortcutGradient':
      return lowerShortcut(lowering, operation)
    case 'globalAvgPool':
    case 'globalAvgPoolGradient':
    case 'maxPool4':
      return lowerPool(lowering, operation)
    case 'maxPool4Gradient':
      return lowerMaxPoolGradient(lowering, operation)
    case 'dropout2d':
      return lowerDropout(lowering, operation)
    case 'crossEntropy':
      return lowerCrossEntropy(lowering, operation)
    case 'optimise':
      return lowerOptimise(lowering)
    case 'batchNormTrack':
      // Whoever merges the moments moves the running statistics.
      return
    case 'output':
    case 'count':
      // Logits and features lie where they are read; answers are counted where they are read, too.
      return
    default:
      operation satisfies never
  }
}

function lowerElementWise(
  lowering: Lowering,
  operation: OperationOf<'relu'> | OperationOf<'reluGradient'> | OperationOf<'add'>,
): void {
  const { images } = lowering
  const emit = (a: number, b: number | null, y: number) => {
    const target = images(y)
    clearBorder(lowering, operation, target)
    const { height, width, pixel } = target.layout
    lowering.emit(operation, operation.op, {
      ...imagesArguments('a', images(a)),
      ...imagesArguments('b', b === null ? null : images(b)),
      ...imagesArguments('y', target),
      rows: height,
      rowBytes: width * pixel,
    })
  }
  switch (operation.op) {
    case 'relu':
      return emit(operation.reads.x, null, operation.writes.y)
    case 'reluGradient':
      return emit(operation.reads.dy, operation.reads.y, operation.writes.dx)
    case 'add':
      return emit(operation.reads.a, operation.reads.b, operation.writes.y)
    default:
      operation satisfies never
  }
}

function lowerDropout(lowering: Lowering, operation: OperationOf<'dropout2d'>): void {
  const { reads, writes, rate, layer } = operation
  const target = lowering.images(writes.y)
  const { height, width, channels } = target.layout
  clearBorder(lowering, operation, target)
  lowering.emit(operation, 'dropout', {
    ...imagesArguments('x', lowering.images(reads.x)),
    ...imagesArguments('y', target),
    rows: height,
    cols: width,
    channels,
    seed: seedWord(lowering.context.dropoutSeed) | 0,
    layer: layer << LAYER_SHIFT,
    threshold: dropThreshold(rate) | 0,
    scale: keptScale(rate),
  })
}

function lowerCrossEntropy(lowering: Lowering, operation: OperationOf<'crossEntropy'>): void {
  const { area, context, images } = lowering
  const logits = images(operation.reads.logits)
  const gradient = images(operation.writes.dLogits)
  const results = area('results')
  lowering.emit(operation, 'crossEntropy', {
    logits: logits.at,
    logitsImage: logits.layout.image,
    gradient: gradient.at,
    gradientImage: gradient.layout.image,
    words: area('words'),
    classes: context.graph.classes,
    channels: gradient.layout.channels,
    smoothing: context.labelSmoothing,
    results,
  })
  lowering.finish(operation, 'sumLosses', { results, metrics: area('metrics') })
}

/** Stretches of parameters in a chunk: a few of a small network's, so that threads have something to share. */
const OPTIMISED_STRETCHES = 64

function lowerOptimise(lowering: Lowering): void {
  const { context, area, append } = lowering
  const { parameters, slots } = context.layout
  const formula = formulaOf(context.optimiser)
  const constants = Object.values(formula.constants(context.optimiser))
  const slot = (index: number) => (index < slots.length ? area('slots', index * parameters.bytes) : 0)
  append({
    units: parameters.bytes / STRETCH_BYTES,
    chunkUnits: OPTIMISED_STRETCHES,
    calls: [
      {
        kernel: 'optimise',
        args: {
          parameters: area('parameters'),
          gradients: area('gradients'),
          slot0: slot(0),
          slot1: slot(1),
          decay: area('decay'),
          formula: FORMULAS.indexOf(formula),
          ...Object.fromEntries(
            Array.from({ length: MOST_CONSTANTS }, (_, i) => [`constant${i}`, constants[i] ?? 0]),
          ),
        },
        label: `optimise ${context.optimiser.kind}`,
        flops: 0,
      },
    ],
  })
}
