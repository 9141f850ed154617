// What the tests of both families of convolution kernels share: shapes, random operands, and running one kernel on them.
import {
  activationBytes,
  filterBytes,
  packChannels,
  packFilter,
  unpackChannels,
  unpackFilter,
} from '../../engine/webgpu/memory/layout.ts'
import type { Kernel } from '../../engine/webgpu/kernel.ts'
import { convLabel, outputSide, type ConvShape } from '../../engine/webgpu/kernels/convolution/conv-shape.ts'
import { runKernels } from '../../engine/webgpu/device/run-kernel.ts'
import { sumPartials } from '../../engine/webgpu/kernels/optimise/sum-partials.ts'
import { noise } from './test-noise.ts'

type Sides = Pick<ConvShape, 'batch' | 'height' | 'width' | 'inChannels' | 'outChannels'>
export const sides = (
  batch: number,
  height: number,
  width: number,
  inChannels: number,
  outChannels: number,
): Sides => ({
  batch,
  height,
  width,
  inChannels,
  outChannels,
})

/** Odd sizes, ragged tiles, ragged channels, images and channels of the networks. */
export const SHAPES: readonly ConvShape[] = [
  { ...sides(3, 7, 9, 3, 5), kernel: 3, stride: 1 },
  { ...sides(3, 7, 9, 3, 5), kernel: 3, stride: 2 },
  { ...sides(1, 5, 11, 5, 33), kernel: 1, stride: 1 },
  { ...sides(1, 5, 11, 5, 33), kernel: 1, stride: 2 },
  { ...sides(17, 8, 8, 16, 16), kernel: 3, stride: 1 },
  { ...sides(2, 8, 8, 16, 32), kernel: 3, stride: 2 },
  { ...sides(1, 3, 3, 33, 130), kernel: 3, stride: 1 },
]
function pixels(shape: ConvShape) {
  return {
    input: { height: shape.height, width: shape.width, channels: shape.inChannels },
    output: {
      height: outputSide(shape.height, shape.stride),
      width: outputSide(shape.width, shape.stride),
      channels: shape.outChannels,
    },
  }
}

export function operands(shape: ConvShape) {
  const { input: below, output } = pixels(shape)
  const input = noise(shape.batch * below.height * below.width * below.channels, 1)
  const filter = noise(shape.inChannels * shape.outChannels * shape.kernel ** 2, 2)
  const gradient = noise(shape.batch * output.height * output.width * output.channels, 3)
  return {
    input,
    filter,
    gradient,
    source: packChannels(Float32Array.from(input), shape.inChannels),
    weights: packFilter(Float32Array.from(filter), shape),
    above: packChannels(Float32Array.from(gradient), shape.outChannels),
    inputBytes: activationBytes(shape.batch, below),
    outputBytes: activationBytes(shape.batch, output),
  }
}

type Operands = ReturnType<typeof operands>

export async function forward(
  device: GPUDevice,
  shape: ConvShape,
  { source, weights, outputBytes }: Operands,
  kernel: Kernel,
) {
  const { destination } = await runKernels(device, [kernel], { source, weights, destination: outputBytes })
  return unpackChannels(destination ?? new Float32Array(), shape.outChannels)
}

export async function backward(
  device: GPUDevice,
  shape: ConvShape,
  { above, weights, inputBytes }: Operands,
  kernel: Kernel,
) {
  const { destination } = await runKernels(device, [kernel], {
    source: above,
    weights,
    destination: inputBytes,
  })
  return unpackChannels(destination ?? new Float32Array(), shape.inChannels)
}

/** @param kernel writes `splits` partial sums */
export async function backwardFilter(
  device: GPUDevice,
  shape: ConvShape,
  { source, above }: Operands,
  kernel: Kernel,
  splits: number,
) {
  const bytes = filterBytes(shape)
  const sum = sumPartials([{ partialsOffset: 0, splits, gradientOffset: 256, bytes }])
  const { gradients } = await runKernels(device, [kernel, sum], {
    source,
    gradient: above,
    partials: splits * bytes,
    gradients: 256 + bytes,
  })
  return unpackFilter(gradients?.subarray(256 / 4) ?? new Float32Array(), shape)
}

export const named = (shapes: readonly ConvShape[]) =>
  shapes.map((shape) => ({ name: convLabel('', shape), shape }))
