import { activationBytes, channelVectors, filterBytes, type FilterShape } from '../../memory/layout.ts'

/** A convolution with zero padding (kernel − 1) / 2 on every side. Heights and widths in pixels. */
export type ConvShape = FilterShape & {
  readonly batch: number
  /** Of the input. */
  readonly height: number
  readonly width: number
  readonly stride: 1 | 2
}

export function outputSide(side: number, stride: 1 | 2): number {
  return Math.ceil(side / stride)
}

/** Multiplications and additions of one pass (forward, backward-data or backward-filter), borders counted in full. */
export function convFlops({
  batch,
  height,
  width,
  stride,
  kernel,
  inChannels,
  outChannels,
}: ConvShape): number {
  const pixels = batch * outputSide(height, stride) * outputSide(width, stride)
  return 2 * pixels * kernel ** 2 * inChannels * outChannels
}

/** Input, output and filter, once each. */
export function convBytes(shape: ConvShape): number {
  const { batch, height, width, stride, inChannels, outChannels } = shape
  const output = {
    height: outputSide(height, stride),
    width: outputSide(width, stride),
    channels: outChannels,
  }
  return (
    activationBytes(batch, { height, width, channels: inChannels }) +
    activationBytes(batch, output) +
    filterBytes(shape)
  )
}

export function convLabel(pass: string, shape: ConvShape): string {
  const { batch, height, width, stride, kernel, inChannels, outChannels } = shape
  return `conv2d ${pass} ${kernel}×${kernel}/${stride} ${inChannels}→${outChannels} @${height}×${width} ×${batch}`
}

export function inVectors(shape: ConvShape): number {
  return channelVectors(shape.inChannels)
}

export function outVectors(shape: ConvShape): number {
  return channelVectors(shape.outChannels)
}

/** A pass that makes images, as its kernel sees it: pixels of what it reads and of what it writes, channels in fours. */
export type ImageDims = {
  readonly targetHeight: number
  readonly targetWidth: number
  readonly targetVectors: number
  readonly sourceHeight: number
  readonly sourceWidth: number
  readonly sourceVectors: number
}

export function forwardDims(shape: ConvShape): ImageDims {
  const { height, width, stride } = shape
  return {
    targetHeight: outputSide(height, stride),
    targetWidth: outputSide(width, stride),
    targetVectors: outVectors(shape),
    sourceHeight: height,
    sourceWidth: width,
    sourceVectors: inVectors(shape),
  }
}

export function backwardDataDims(shape: ConvShape): ImageDims {
  const { height, width, stride } = shape
  return {
    targetHeight: height,
    targetWidth: width,
    targetVectors: inVectors(shape),
    sourceHeight: outputSide(height, stride),
    sourceWidth: outputSide(width, stride),
    sourceVectors: outVectors(shape),
  }
}

/** The pass that makes the filter's gradient, as its kernel sees it. */
export function filterDims(shape: ConvShape) {
  const { height, width, stride } = shape
  return {
    inHeight: height,
    inWidth: width,
    inVectors: inVectors(shape),
    outHeight: outputSide(height, stride),
    outWidth: outputSide(width, stride),
    outVectors: outVectors(shape),
  }
}
