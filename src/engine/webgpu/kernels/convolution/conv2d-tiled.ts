// Convolution: forward, gradient of the input, gradient of the filter; the tiled family (workgroup memory, barriers).
import type { Kernel } from '../../kernel.ts'
import { filterBytes } from '../../memory/layout.ts'
import {
  backwardDataDims,
  convBytes,
  convFlops,
  convLabel,
  type ConvShape,
  filterDims,
  forwardDims,
  type ImageDims,
  inVectors,
  outputSide,
  outVectors,
} from './conv-shape.ts'
import { type FilterTile, tiledFilterWgsl } from './conv2d-tiled-filter.wgsl.ts'
import {
  type ImageTile,
  phasesOf,
  tiledWgsl,
  type TiledVariant,
  tilePixels,
  tileVectors,
} from './conv2d-tiled.wgsl.ts'
import { activations, defineKernel } from '../define-kernel.ts'

/** `source` (the input), `weights` (, `bias`) → `destination` (the output). */
export function tiledForward(
  shape: ConvShape,
  tile: ImageTile,
  { bias = false }: { bias?: boolean } = {},
): Kernel {
  return tiledKernel(shape, 'forward', tile, { accumulate: false, bias }, forwardDims(shape))
}

/**
 * `source` (gradient of the output), `weights` → `destination` (gradient of the input).
 * @param accumulate adds to what `destination` holds
 */
export function tiledBackwardData(
  shape: ConvShape,
  tile: ImageTile,
  { accumulate = false }: { accumulate?: boolean } = {},
): Kernel {
  return tiledKernel(shape, 'backward-data', tile, { accumulate, bias: false }, backwardDataDims(shape))
}

function tiledKernel(
  shape: ConvShape,
  direction: TiledVariant['direction'],
  tile: ImageTile,
  { accumulate, bias }: { accumulate: boolean; bias: boolean },
  dims: ImageDims,
): Kernel {
  const { batch, kernel, stride } = shape
  const variant = { direction, kernel, stride, tile, bias }
  const phases = phasesOf(variant)
  const pixels = batch * Math.ceil(dims.targetHeight / phases) * Math.ceil(dims.targetWidth / phases)
  return defineKernel({
    label: convLabel(`${direction}${accumulate ? ' +=' : ''}${bias ? ' + bias' : ''}`, shape),
    tensors: [
      activations('source', 'read'),
      { name: 'weights', access: 'read', element: 'vec4f' },
      ...(bias ? [{ name: 'bias', access: 'read', element: 'vec4f' } as const] : []),
      activations('destination', 'read-write'),
    ],
    dims: { batch, kernel, depth: tile.depth, ...dims, accumulate: Number(accumulate) },
    code: tiledWgsl(variant),
    workgroups: [
      Math.ceil(pixels / tilePixels(tile)),
      Math.ceil(dims.targetVectors / tileVectors(tile)),
      phases ** 2,
    ],
    flops: convFlops(shape),
    bytes: convBytes(shape),
  })
}

/**
 * `source` (the input), `gradient` (of the output) → `partials`: `splits` filters, one behind the other, whose sum is the
 * filter's gradient (`sumPartials`). With one split `partials` is the gradient.
 */
export function tiledBackwardFilter(shape: ConvShape, tile: FilterTile, splits: number): Kernel {
  const { kernel, stride } = shape
  const pixels = outputPixels(shape)
  const outputBlocks = Math.ceil(outVectors(shape) / tile.outputVectors)
  return defineKernel({
    label: convLabel('backward-filter', shape),
    tensors: [
      { ...activations('source', 'read'), variable: 'input_pixels' },
      activations('gradient', 'read'),
      { name: 'partials', access: 'read-write', element: 'mat4x4f' },
    ],
    dims: {
      ...filterDims(shape),
      outputBlocks,
      pixels,
      pixelsPerSplit: Math.ceil(pixels / splits),
    },
    code: tiledFilterWgsl({ kernel, stride, tile }),
    workgroups: [Math.ceil(inVectors(shape) / tile.inputVectors) * outputBlocks, kernel ** 2, splits],
    flops: convFlops(shape),
    bytes: convBytes(shape) + (splits - 1) * filterBytes(shape),
  })
}

/** Workgroups that keep a large GPU busy. */
const WANTED_WORKGROUPS = 1024
/** Stages of pixels that are worth a split of their own. */
const LEAST_STAGES = 16

/** How many partial sums keep the adapter busy. */
export function tiledFilterSplits(shape: ConvShape, tile: FilterTile): number {
  const blocks =
    Math.ceil(inVectors(shape) / tile.inputVectors) * Math.ceil(outVectors(shape) / tile.outputVectors)
  const wanted = Math.ceil(WANTED_WORKGROUPS / (blocks * shape.kernel ** 2))
  return Math.max(1, Math.min(wanted, Math.floor(outputPixels(shape) / (LEAST_STAGES * tile.pixels))))
}

function outputPixels({ batch, height, width, stride }: ConvShape): number {
  return batch * outputSide(height, stride) * outputSide(width, stride)
}
