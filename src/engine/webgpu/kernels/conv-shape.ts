import { activationBytes, channelVectors, filterBytes, type FilterShape } from '../layout.ts'

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
