// The kernels that can compute a convolution on an adapter: two families, each in a few sizes. Which is fastest is for
// a measurement to say; the first is the one to take without.
import type { ActivationFormat } from '../../../base/activation-format.ts'
import { type ConvShape, inVectors, outVectors } from '../kernels/convolution/conv-shape.ts'
import {
  conv2dBackwardData,
  conv2dBackwardFilter,
  conv2dForward,
  filterSplits,
  type RegisterTile,
} from '../kernels/convolution/conv2d.ts'
import {
  tiledBackwardData,
  tiledBackwardFilter,
  tiledFilterSplits,
  tiledForward,
} from '../kernels/convolution/conv2d-tiled.ts'
import type { FilterTile } from '../kernels/convolution/conv2d-tiled-filter.wgsl.ts'
import { type ImageTile, tilePixels, tileVectors } from '../kernels/convolution/conv2d-tiled.wgsl.ts'
import type { WeightSpace } from '../kernels/convolution/filter-binding.ts'
import type { Kernel } from '../kernel.ts'
import { paddedChannels } from '../memory/layout.ts'

export type Convolution = {
  readonly pass: 'forward' | 'backward-data' | 'backward-filter'
  readonly shape: ConvShape
  /** How what it reads and writes is stored. */
  readonly activations: ActivationFormat
}

type ConvolutionVariant = {
  /** Backward-data: adds to what the destination holds. */
  readonly accumulate?: boolean
  /** Forward: the sums begin at the binding `bias`. */
  readonly bias?: boolean
}

export type Candidate = {
  /** Names it among a convolution's candidates, whatever the batch; also in what is stored of a measurement. */
  readonly id: string
  /** Partial sums that the kernel leaves behind; 1 where it writes the result. */
  readonly splits: number
  readonly kernel: (variant: ConvolutionVariant) => Kernel
}

/** What is known of an adapter before anything is measured. */
export type AdapterTraits = {
  /** A program on the CPU: a barrier costs it more than a second load of the same value. */
  readonly software: boolean
  /** Where it reads weights from faster, as far as its name tells. */
  readonly weightSpace: WeightSpace
  /** Four neighbouring threads of it are a quad of a subgroup. */
  readonly subgroupQuads: boolean
}

type Candidates = readonly [Candidate, ...Candidate[]]

export function convolutionCandidates(convolution: Convolution, traits: AdapterTraits): Candidates {
  const register = registerCandidates(convolution, traits)
  const tiled = tiledCandidates(convolution)
  const [first, second] = traits.software ? [register, tiled] : [tiled, register]
  return [...first, ...second]
}

const REGISTER_TILES: readonly [RegisterTile, ...RegisterTile[]] = [
  { pixels: 8, channels: 16 },
  { pixels: 16, channels: 16 },
  { pixels: 4, channels: 8 },
]

function registerCandidates(
  { pass, shape }: Convolution,
  { weightSpace, subgroupQuads }: AdapterTraits,
): Candidates {
  if (pass === 'backward-filter') {
    const splits = filterSplits(shape)
    const id = subgroupQuads ? 'register, quads' : 'register'
    return [{ id, splits, kernel: () => conv2dBackwardFilter(shape, splits, { subgroupQuads }) }]
  }
  const other: WeightSpace = weightSpace === 'uniform' ? 'storage' : 'uniform'
  const targetChannels = pass === 'forward' ? shape.outChannels : shape.inChannels
  const candidate = ({ pixels, channels }: RegisterTile, space: WeightSpace): Candidate => {
    // No channels that the target does not have.
    const tile = { pixels, channels: Math.min(channels, paddedChannels(targetChannels)) }
    return {
      id: `register ${pixels}×${channels}, ${space} weights`,
      splits: 1,
      kernel: (variant) =>
        pass === 'forward'
          ? conv2dForward(shape, space, tile, variant)
          : conv2dBackwardData(shape, space, { ...variant, tile }),
    }
  }
  const [usual, ...others] = REGISTER_TILES
  // Backward-data at stride 2 has one tile only.
  const tiles = pass === 'backward-data' && shape.stride === 2 ? [] : others
  return [
    candidate(usual, weightSpace),
    candidate(usual, other),
    ...tiles.map((tile) => candidate(tile, weightSpace)),
  ]
}

const DEPTH = 4
/** Narrowest first. */
const IMAGE_TILES: readonly [ImageTile, ...ImageTile[]] = [
  { pixels: 4, vectors: 1, pixelThreads: 16, channelThreads: 4, depth: DEPTH },
  { pixels: 4, vectors: 2, pixelThreads: 16, channelThreads: 4, depth: DEPTH },
  { pixels: 8, vectors: 1, pixelThreads: 16, channelThreads: 8, depth: DEPTH },
  { pixels: 4, vectors: 2, pixelThreads: 16, channelThreads: 8, depth: DEPTH },
  { pixels: 8, vectors: 2, pixelThreads: 8, channelThreads: 8, depth: DEPTH },
]
/** Narrowest first. */
const FILTER_TILES: readonly [FilterTile, ...FilterTile[]] = [
  { inputVectors: 4, outputVectors: 4, pixels: 16, groups: 4 },
  { inputVectors: 8, outputVectors: 8, pixels: 16, groups: 1 },
  { inputVectors: 4, outputVectors: 8, pixels: 16, groups: 4 },
]

function tiledCandidates({ pass, shape }: Convolution): Candidates {
  if (pass === 'backward-filter') {
    const candidate = (tile: FilterTile): Candidate => {
      const splits = tiledFilterSplits(shape, tile)
      return {
        id: `tiled ${4 * tile.inputVectors}×${4 * tile.outputVectors}, ${tile.groups} groups`,
        splits,
        kernel: () => tiledBackwardFilter(shape, tile, splits),
      }
    }
    const fits = (tile: FilterTile) =>
      tile.inputVectors <= inVectors(shape) && tile.outputVectors <= outVectors(shape)
    return widestFirst(FILTER_TILES, fits, candidate)
  }
  const [targetVectors, sourceVectors] =
    pass === 'forward' ? [outVectors(shape), inVectors(shape)] : [inVectors(shape), outVectors(shape)]
  const candidate = (wide: ImageTile): Candidate => {
    const tile = { ...wide, depth: Math.min(wide.depth, sourceVectors) }
    return {
      id: `tiled ${tilePixels(tile)}×${4 * tileVectors(tile)}, ${tile.pixels}×${4 * tile.vectors} a thread`,
      splits: 1,
      kernel: (variant) =>
        pass === 'forward' ? tiledForward(shape, tile, variant) : tiledBackwardData(shape, tile, variant),
    }
  }
  return widestFirst(IMAGE_TILES, (tile) => tileVectors(tile) <= targetVectors, candidate)
}

/** A tile of more channels than there are computes what nobody needs, so only the narrowest may. */
function widestFirst<Tile>(
  [narrowest, ...wider]: readonly [Tile, ...Tile[]],
  fits: (tile: Tile) => boolean,
  candidate: (tile: Tile) => Candidate,
): Candidates {
  const [widest = narrowest, ...others] = wider.filter(fits).toReversed()
  const rest = widest === narrowest ? [] : [...others, narrowest]
  return [candidate(widest), ...rest.map(candidate)]
}
