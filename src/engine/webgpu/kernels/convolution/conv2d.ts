// Convolution: forward, gradient of the input, gradient of the filter; the register family (no barriers).
import type { Kernel } from '../../kernel.ts'
import { filterBytes, paddedChannels } from '../../memory/layout.ts'
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
import { FILTER_WORKGROUP, filterWgsl } from './conv2d-filter.wgsl.ts'
import { SUBGROUP_SHARED_WORKGROUP, subgroupSharedWgsl } from './conv2d-subgroup-shared.wgsl.ts'
import { REGISTER_TILED_WORKGROUP, registerTiledWgsl } from './conv2d-register-tiled.wgsl.ts'
import { activations, defineKernel } from '../define-kernel.ts'
import { bindFilter, SHARING_LANES, type WeightSpace } from './filter-binding.ts'
import { SUBGROUPS, UNEVEN_SUBGROUPS } from '../wgsl.ts'

/** Pixels × output channels that a thread keeps in registers; channels are a multiple of 4. */
export type RegisterTile = { readonly pixels: number; readonly channels: number }

const SLIDE_TILE: RegisterTile = { pixels: 8, channels: 16 }
const QUAD_PIXELS = 8
const MOST_FILTER_CHANNELS = 16
/** Splits are added until there are this many threads: 8 lanes on each of a few cores, several times over. */
const FILTER_THREADS = 384

/** `source` (the input), `weights` (, `bias`) → `destination` (the output). */
export function conv2dForward(
  shape: ConvShape,
  weightSpace: WeightSpace,
  tile = SLIDE_TILE,
  { bias = false }: { bias?: boolean } = {},
): Kernel {
  return registerTiledKernel(
    shape,
    'forward',
    weightSpace,
    { accumulate: false, bias, tile },
    forwardDims(shape),
  )
}

/**
 * `source` (gradient of the output), `weights` → `destination` (gradient of the input).
 * @param accumulate adds to what `destination` holds, e.g. the gradient that came through a shortcut
 */
export function conv2dBackwardData(
  shape: ConvShape,
  weightSpace: WeightSpace,
  { accumulate = false, tile = SLIDE_TILE }: { accumulate?: boolean; tile?: RegisterTile } = {},
): Kernel {
  const dims = backwardDataDims(shape)
  return shape.stride === 2
    ? subgroupSharedKernel(shape, weightSpace, accumulate, dims)
    : registerTiledKernel(shape, 'backward-data', weightSpace, { accumulate, bias: false, tile }, dims)
}

function registerTiledKernel(
  shape: ConvShape,
  direction: 'forward' | 'backward-data',
  weightSpace: WeightSpace,
  { accumulate, bias, tile }: { accumulate: boolean; bias: boolean; tile: RegisterTile },
  dims: ImageDims,
): Kernel {
  const { batch, kernel, stride } = shape
  const { pixels, channels } = tile
  const { tensors: weights, ...filter } = bindFilter(shape, weightSpace)
  const tilesPerRow = Math.ceil(dims.targetWidth / pixels)
  const tiles = batch * dims.targetHeight * tilesPerRow
  return defineKernel({
    label: convLabel(`${direction}${accumulate ? ' +=' : ''}${bias ? ' + bias' : ''}`, shape),
    tensors: [
      activations('source', 'read'),
      ...weights,
      ...(bias ? [{ name: 'bias', access: 'read', element: 'vec4f' } as const] : []),
      activations('destination', 'read-write'),
    ],
    dims: { tiles, tilesPerRow, tapRows: kernel, ...dims, accumulate: Number(accumulate) },
    directives: filter.shared ? [SUBGROUPS] : [],
    code: registerTiledWgsl({ direction, kernel, stride, pixels, channels, ...filter, bias }),
    workgroups: [
      Math.ceil(tiles / REGISTER_TILED_WORKGROUP),
      Math.ceil(dims.targetVectors / (channels / 4)),
      1,
    ],
    flops: convFlops(shape),
    bytes: convBytes(shape),
  })
}

function subgroupSharedKernel(
  shape: ConvShape,
  weightSpace: WeightSpace,
  accumulate: boolean,
  dims: ImageDims,
): Kernel {
  const { tensors: weights, ...filter } = bindFilter(shape, weightSpace)
  const tilesPerRow = Math.ceil(dims.sourceWidth / QUAD_PIXELS)
  const tiles = shape.batch * dims.sourceHeight * tilesPerRow
  return defineKernel({
    label: convLabel(accumulate ? 'backward-data +=' : 'backward-data', shape),
    tensors: [activations('source', 'read'), ...weights, activations('destination', 'read-write')],
    dims: { tiles, tilesPerRow, ...dims, accumulate: Number(accumulate) },
    directives: filter.shared ? [SUBGROUPS] : [],
    code: subgroupSharedWgsl({ kernel: shape.kernel, pixels: QUAD_PIXELS, ...filter }),
    workgroups: [Math.ceil(tiles / SUBGROUP_SHARED_WORKGROUP), dims.targetVectors, 1],
    flops: convFlops(shape),
    bytes: convBytes(shape),
  })
}

/**
 * `source` (the input), `gradient` (of the output) → `partials`: `splits` filters, one behind the other, whose sum is the
 * filter's gradient (`sumPartials`). With one split `partials` is the gradient.
 * @param subgroupQuads four neighbouring threads are a quad of a subgroup, and load for one another where all need the same
 */
export function conv2dBackwardFilter(
  shape: ConvShape,
  splits = filterSplits(shape),
  { subgroupQuads = false }: { subgroupQuads?: boolean } = {},
): Kernel {
  const { batch, height, kernel, stride } = shape
  const rows = batch * outputSide(height, stride)
  const channels = filterChannels(shape)
  const threads = splits * filterUnits(shape)
  const shared = subgroupQuads && canShareGradient(shape)
  return defineKernel({
    label: convLabel('backward-filter', shape),
    tensors: [
      { ...activations('source', 'read'), variable: 'input_pixels' },
      activations('gradient', 'read'),
      { name: 'partials', access: 'read-write', element: 'mat4x4f' },
    ],
    dims: {
      ...filterDims(shape),
      blocks: Math.ceil(outVectors(shape) / (channels / 4)),
      rows,
      rowsPerSplit: Math.ceil(rows / splits),
      splits,
      tapColumns: kernel,
    },
    directives: shared ? [SUBGROUPS, UNEVEN_SUBGROUPS] : [],
    code: filterWgsl({ kernel, stride, channels, shared }),
    workgroups: [Math.ceil(threads / FILTER_WORKGROUP), 1, 1],
    flops: convFlops(shape),
    bytes: convBytes(shape) + (splits - 1) * filterBytes(shape),
  })
}

/** How many partial sums keep the adapter busy. */
export function filterSplits(shape: ConvShape): number {
  const rows = shape.batch * outputSide(shape.height, shape.stride)
  return Math.min(Math.ceil(FILTER_THREADS / filterUnits(shape)), rows)
}

/** Threads of one split. */
function filterUnits(shape: ConvShape): number {
  return shape.kernel * Math.ceil((outVectors(shape) * 4) / filterChannels(shape)) * inVectors(shape)
}

/** Whether neighbours in fours differ in their input channels only, and take as many output channels as they are. */
function canShareGradient(shape: ConvShape): boolean {
  return inVectors(shape) % SHARING_LANES === 0 && filterChannels(shape) === 4 * SHARING_LANES
}

function filterChannels(shape: ConvShape): number {
  return Math.min(MOST_FILTER_CHANNELS, paddedChannels(shape.outChannels))
}
