// Batch normalisation in training and inference. Figures of a channel are kept in rows of `vectorBytes` each:
// `statistics` is mean, 1/σ; `coefficients` is mean, a, b, c of the input's gradient a·g + b·(x − mean) + c.
import type { Kernel } from '../kernel.ts'
import { activationBytes, channelVectors, vectorBytes } from '../layout.ts'
import {
  applyWgsl,
  BACKWARD_FINALISE,
  FINALISE,
  inputGradientWgsl,
  reduceWgsl,
  STATISTICS,
} from './batch-norm.wgsl.ts'
import { activations, defineKernel, type TensorBinding } from './define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from './grid-stride.ts'
import { type ImagesShape, pixelChunks } from './pixel-chunks.ts'

/** Of the normalised images. */
export type BatchNormShape = ImagesShape

export function statisticsBytes({ channels }: BatchNormShape): number {
  return 2 * vectorBytes(channels)
}

export function coefficientsBytes({ channels }: BatchNormShape): number {
  return 4 * vectorBytes(channels)
}

/** Size of `partials`, forward and backward. */
export function batchNormPartialsBytes(shape: BatchNormShape): number {
  return pixelChunks(shape) * 2 * vectorBytes(shape.channels)
}

/** `source` → `partials`: of each chunk of pixels, the mean and Σ (x − mean)². */
export function batchNormStatistics(shape: BatchNormShape): Kernel {
  return defineKernel({
    label: label('statistics', shape),
    tensors: [activations('source', 'read'), write('partials')],
    dims: sumDims(shape),
    step: true,
    code: STATISTICS,
    ...sumCost(shape, 1),
  })
}

export type BatchNormMoments = { readonly epsilon: number; readonly momentum: number }

/** `partials` → `statistics`; moves `runningMean` and `runningVariance` (unbiased, as in PyTorch). */
export function batchNormFinalise(shape: BatchNormShape, { epsilon, momentum }: BatchNormMoments): Kernel {
  return defineKernel({
    label: label('finalise', shape),
    tensors: [read('partials'), write('statistics'), write('runningMean'), write('runningVariance')],
    dims: sumDims(shape),
    step: true,
    constants: { epsilon, momentum },
    code: FINALISE,
    ...finaliseCost(shape),
  })
}

export type BatchNormApplication = {
  readonly relu: boolean
  /** Added before ReLU, from `residual`. */
  readonly residual: boolean
}

/** `source`, `statistics`, `scale`, `shift` (, `residual`) → `destination`. */
export function batchNormApply(shape: BatchNormShape, application: BatchNormApplication): Kernel {
  return applyKernel(shape, 'apply', [read('statistics')], application, {})
}

/** `source`, `runningMean`, `runningVariance`, `scale`, `shift` (, `residual`) → `destination`. */
export function batchNormInference(
  shape: BatchNormShape,
  application: BatchNormApplication,
  epsilon: number,
): Kernel {
  const running = [read('runningMean'), read('runningVariance')]
  return applyKernel(shape, 'inference', running, application, { epsilon })
}

function applyKernel(
  shape: BatchNormShape,
  pass: 'apply' | 'inference',
  statistics: readonly TensorBinding[],
  { relu, residual }: BatchNormApplication,
  constants: Kernel['constants'],
): Kernel {
  const { workgroups, ...dims } = imageDims(shape)
  const fused = `${residual ? ' + residual' : ''}${relu ? ' + relu' : ''}`
  return defineKernel({
    label: label(`${pass}${fused}`, shape),
    tensors: [
      activations('source', 'read'),
      ...statistics,
      read('scale'),
      read('shift'),
      ...(residual ? [activations('residual', 'read')] : []),
      activations('destination', 'read-write'),
    ],
    dims,
    constants,
    code: applyWgsl({ running: pass === 'inference', relu, residual }),
    workgroups,
    flops: values(shape) * (2 + Number(relu) + Number(residual)),
    bytes: activationBytes(shape.batch, shape) * (2 + Number(residual)),
  })
}

/**
 * `gradient` (of the output), `source`, `statistics` → `partials`: of each chunk, Σ g and Σ g·x̂.
 * @param masked the output went through ReLU: g counts where `mask` (ReLU's output) is positive
 */
export function batchNormReduce(shape: BatchNormShape, { masked }: { readonly masked: boolean }): Kernel {
  return defineKernel({
    label: label(masked ? 'reduce + relu' : 'reduce', shape),
    tensors: [
      activations('gradient', 'read'),
      ...(masked ? [activations('mask', 'read')] : []),
      activations('source', 'read'),
      read('statistics'),
      write('partials'),
    ],
    dims: sumDims(shape),
    step: true,
    code: reduceWgsl(masked),
    ...sumCost(shape, masked ? 3 : 2),
  })
}

/** `partials`, `statistics`, `scale` → `scaleGradient`, `shiftGradient`, `coefficients`. */
export function batchNormBackwardFinalise(shape: BatchNormShape): Kernel {
  return defineKernel({
    label: label('backward finalise', shape),
    tensors: [
      read('partials'),
      read('statistics'),
      read('scale'),
      write('scaleGradient'),
      write('shiftGradient'),
      write('coefficients'),
    ],
    dims: sumDims(shape),
    step: true,
    code: BACKWARD_FINALISE,
    ...finaliseCost(shape),
  })
}

export type BatchNormGradient = {
  /** As of `batchNormReduce`. */
  readonly masked: boolean
  /** Writes g where the mask lets it through to `residualGradient`, which is the shortcut's share. */
  readonly keepsMasked: boolean
  /** Adds to what `destination` holds, e.g. the gradient that came through a shortcut. */
  readonly accumulate: boolean
}

/** `gradient`, `source`, `coefficients` (, `mask`) → `destination` (, `residualGradient`); 0 for images that do not count. */
export function batchNormInputGradient(
  shape: BatchNormShape,
  { masked, keepsMasked, accumulate }: BatchNormGradient,
): Kernel {
  const { workgroups, ...dims } = imageDims(shape)
  return defineKernel({
    label: label(
      `backward${accumulate ? ' +=' : ''}${masked ? ' + relu' : ''}${keepsMasked ? ' + residual' : ''}`,
      shape,
    ),
    tensors: [
      activations('gradient', 'read'),
      ...(masked ? [activations('mask', 'read')] : []),
      activations('source', 'read'),
      read('coefficients'),
      activations('destination', 'read-write'),
      ...(keepsMasked ? [activations('residualGradient', 'read-write')] : []),
    ],
    dims: { ...dims, vectorsPerImage: shape.height * shape.width * channelVectors(shape.channels) },
    step: true,
    code: inputGradientWgsl({ masked, keepsMasked, accumulate }),
    workgroups,
    flops: values(shape) * (5 + Number(accumulate)),
    bytes: activationBytes(shape.batch, shape) * (3 + Number(masked) + Number(keepsMasked)),
  })
}

function read(name: string): TensorBinding {
  return { name, access: 'read', of: 'vec4f' }
}

function write(name: string): TensorBinding {
  return { name, access: 'read-write', of: 'vec4f' }
}

function label(pass: string, { batch, height, width, channels }: BatchNormShape): string {
  return `batchNorm ${pass} ${channels} @${height}×${width} ×${batch}`
}

function values({ batch, height, width, channels }: BatchNormShape): number {
  return batch * height * width * channels
}

function imageDims({ batch, height, width, channels }: BatchNormShape) {
  const channelsVectors = channelVectors(channels)
  const vectors = batch * height * width * channelsVectors
  const { stride, workgroups } = gridStride(vectors, channelsVectors)
  return { workgroups, vectors, stride, channelVectors: channelsVectors }
}

function sumDims(shape: BatchNormShape) {
  return {
    channelVectors: channelVectors(shape.channels),
    chunks: pixelChunks(shape),
    pixelsPerImage: shape.height * shape.width,
  }
}

function sumCost(shape: BatchNormShape, tensors: number): Pick<Kernel, 'workgroups' | 'flops' | 'bytes'> {
  const threads = pixelChunks(shape) * channelVectors(shape.channels)
  return {
    workgroups: [Math.ceil(threads / ELEMENT_WORKGROUP), 1, 1],
    flops: values(shape) * 4,
    bytes: tensors * activationBytes(shape.batch, shape) + batchNormPartialsBytes(shape),
  }
}

function finaliseCost(shape: BatchNormShape): Pick<Kernel, 'workgroups' | 'flops' | 'bytes'> {
  return {
    workgroups: [Math.ceil(channelVectors(shape.channels) / ELEMENT_WORKGROUP), 1, 1],
    flops: pixelChunks(shape) * shape.channels * 6,
    bytes: batchNormPartialsBytes(shape) + coefficientsBytes(shape),
  }
}
