// Batch normalisation in training and inference: two kernels each way, the first of which leaves partial sums to the
// second. `statistics` is the channels' means, then their 1/σ.
import type { Kernel } from '../../kernel.ts'
import { activationBytes, channelVectors, VEC4_BYTES, vectorBytes } from '../../memory/layout.ts'
import { applyWgsl, inputGradientWgsl, reduceWgsl, STATISTICS, TRACK } from './batch-norm.wgsl.ts'
import { activations, defineKernel, type TensorBinding } from '../define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from '../grid-stride.ts'
import { type ImagesShape, partDims, partWorkgroups, pixelParts } from '../images/pixel-parts.ts'

/** Of the normalised images. */
export type BatchNormShape = ImagesShape

export function statisticsBytes({ channels }: BatchNormShape): number {
  return 2 * vectorBytes(channels)
}

/** Size of `moments`, and of `sums`. */
export function batchNormPartsBytes(shape: BatchNormShape): number {
  return 2 * batchNormParts(shape) * vectorBytes(shape.channels)
}

/** Vectors in each of their two rows. */
export const batchNormParts = pixelParts

/** `source` → `moments`: of each part of the pixels, the mean; then of each, Σ (x − mean)². */
export function batchNormStatistics(shape: BatchNormShape): Kernel {
  return defineKernel({
    label: label('statistics', shape),
    tensors: [activations('source', 'read'), write('moments')],
    dims: partDims(shape),
    step: true,
    code: STATISTICS,
    ...sumCost(shape, 1),
  })
}

export type BatchNormMoments = {
  readonly epsilon: number
  readonly momentum: number
  /** Where the channels' running values lie in `running`, in bytes. */
  readonly runningMeanOffset: number
  readonly runningVarianceOffset: number
}

export type BatchNormApplication = {
  readonly relu: boolean
  /** Added before ReLU, from `residual`. */
  readonly residual: boolean
}

/**
 * `source`, `moments`, `scale`, `shift` (, `residual`) → `destination`, `statistics`; moves the mean and the variance
 * (unbiased, as in PyTorch) in `running`.
 */
export function batchNormApply(
  shape: BatchNormShape,
  application: BatchNormApplication,
  moments: BatchNormMoments,
): Kernel {
  return applyKernel(shape, application, { pass: 'apply', ...merging(shape, moments) })
}

/** `moments` → `statistics`; moves the mean and the variance in `running`, as `batchNormApply` does. */
export function batchNormTrack(shape: BatchNormShape, moments: BatchNormMoments): Kernel {
  return defineKernel({
    label: label('track', shape),
    ...merging(shape, moments),
    step: true,
    code: TRACK,
    workgroups: [Math.ceil(channelVectors(shape.channels) / ELEMENT_WORKGROUP), 1, 1],
    flops: 0,
    bytes: batchNormPartsBytes(shape),
  })
}

/** What a kernel needs that merges the partial sums of `batchNormStatistics`. */
function merging(
  shape: BatchNormShape,
  { epsilon, momentum, runningMeanOffset, runningVarianceOffset }: BatchNormMoments,
) {
  return {
    tensors: [read('moments'), write('statistics'), write('running')],
    dims: {
      ...partDims(shape),
      runningMean: runningMeanOffset / VEC4_BYTES,
      runningVariance: runningVarianceOffset / VEC4_BYTES,
    },
    constants: { epsilon, momentum },
  }
}

/** `source`, `runningMean`, `runningVariance`, `scale`, `shift` (, `residual`) → `destination`. */
export function batchNormInference(
  shape: BatchNormShape,
  application: BatchNormApplication,
  epsilon: number,
): Kernel {
  return applyKernel(shape, application, {
    pass: 'inference',
    tensors: [read('runningMean'), read('runningVariance')],
    dims: {},
    constants: { epsilon },
  })
}

type Moments = {
  readonly pass: 'apply' | 'inference'
  readonly tensors: readonly TensorBinding[]
  readonly dims: Readonly<Record<string, number>>
  readonly constants: Kernel['constants']
}

function applyKernel(
  shape: BatchNormShape,
  { relu, residual }: BatchNormApplication,
  { pass, tensors, dims: momentDims, constants }: Moments,
): Kernel {
  const { workgroups, ...dims } = imageDims(shape, { merges: pass === 'apply' })
  const fused = `${residual ? ' + residual' : ''}${relu ? ' + relu' : ''}`
  return defineKernel({
    label: label(`${pass}${fused}`, shape),
    tensors: [
      activations('source', 'read'),
      ...tensors,
      read('scale'),
      read('shift'),
      ...(residual ? [activations('residual', 'read')] : []),
      activations('destination', 'read-write'),
    ],
    dims: { ...dims, ...momentDims },
    step: pass === 'apply',
    constants,
    code: applyWgsl({ running: pass === 'inference', relu, residual }),
    workgroups,
    flops: values(shape) * (2 + Number(relu) + Number(residual)),
    bytes: activationBytes(shape.batch, shape) * (2 + Number(residual)),
  })
}

/**
 * `gradient` (of the output), `source`, `statistics` → `sums`: of each part of the pixels, Σ g; then of each, Σ g·x̂.
 * Added up (`sumPartials`) they are the gradients of shift and scale.
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
      write('sums'),
    ],
    dims: partDims(shape),
    step: true,
    code: reduceWgsl(masked),
    ...sumCost(shape, masked ? 3 : 2),
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

/**
 * `gradient`, `source`, `statistics`, `sums`, `scale` (, `mask`) → `destination` (, `residualGradient`); 0 for images that
 * do not count.
 */
export function batchNormInputGradient(
  shape: BatchNormShape,
  { masked, keepsMasked, accumulate }: BatchNormGradient,
): Kernel {
  const { workgroups, ...dims } = imageDims(shape, { merges: true })
  return defineKernel({
    label: label(
      `backward${accumulate ? ' +=' : ''}${masked ? ' + relu' : ''}${keepsMasked ? ' + residual' : ''}`,
      shape,
    ),
    tensors: [
      activations('gradient', 'read'),
      ...(masked ? [activations('mask', 'read')] : []),
      activations('source', 'read'),
      read('statistics'),
      read('sums'),
      read('scale'),
      activations('destination', 'read-write'),
      ...(keepsMasked ? [activations('residualGradient', 'read-write')] : []),
    ],
    dims: { ...dims, ...partDims(shape) },
    step: true,
    code: inputGradientWgsl({ masked, keepsMasked, accumulate }),
    workgroups,
    flops: values(shape) * (5 + Number(accumulate)),
    bytes: activationBytes(shape.batch, shape) * (3 + Number(masked) + Number(keepsMasked)),
  })
}

function read(name: string): TensorBinding {
  return { name, access: 'read', element: 'vec4f' }
}

function write(name: string): TensorBinding {
  return { name, access: 'read-write', element: 'vec4f' }
}

function label(pass: string, { batch, height, width, channels }: BatchNormShape): string {
  return `batchNorm ${pass} ${channels} @${height}×${width} ×${batch}`
}

function values({ batch, height, width, channels }: BatchNormShape): number {
  return batch * height * width * channels
}

/** @param merges a thread adds up partial sums before its first vector */
function imageDims(
  { batch, height, width, channels }: BatchNormShape,
  { merges }: { readonly merges: boolean },
) {
  const channelsVectors = channelVectors(channels)
  const vectors = batch * height * width * channelsVectors
  const { stride, workgroups } = gridStride(vectors, { period: channelsVectors, prepares: merges })
  return { workgroups, vectors, stride, channelVectors: channelsVectors }
}

function sumCost(shape: BatchNormShape, tensors: number): Pick<Kernel, 'workgroups' | 'flops' | 'bytes'> {
  return {
    workgroups: partWorkgroups(shape),
    flops: values(shape) * 4,
    bytes: tensors * activationBytes(shape.batch, shape) + batchNormPartsBytes(shape),
  }
}
