// When a convolution is computed by Winograd's algorithm, and what that needs besides.
import { type FilterLayout, FLOAT_BYTES, LANES } from '../memory/layout.ts'

/** As in assembly/winograd.ts. */
const TILES = 16
const GRADIENT_TILES = 32
const PLANE_GAP = 64
/** Products of a tile, for 4 outputs. */
const PRODUCTS = 16
/** Channels from which on it is faster than the definition. */
const LEAST_CHANNELS = 16
/** Sums of a filter's gradient that each chunk makes anew; more than this takes more time and memory than it saves. */
const MOST_SUM_BYTES = 2 ** 20

type Sides = { readonly height: number; readonly width: number }

/** @param output of a forward pass or of the input's gradient, in pixels */
export function suitsWinograd(
  { kernel, storedIn, storedOut }: FilterLayout,
  stride: 1 | 2,
  output: Sides,
): boolean {
  const isEven = output.height % 2 === 0 && output.width % 2 === 0
  return kernel === 3 && stride === 1 && isEven && Math.min(storedIn, storedOut) >= LEAST_CHANNELS
}

/** Whether each chunk of images may have sums of its own. */
export function sumsByChunk(filter: FilterLayout): boolean {
  return winogradWeightBytes(filter) <= MOST_SUM_BYTES
}

export const winogradWeightBytes = ({ storedIn, storedOut }: FilterLayout): number =>
  PRODUCTS * storedIn * storedOut * FLOAT_BYTES

export const winogradScratchBytes = ({ storedIn, storedOut }: FilterLayout): number =>
  planes(TILES, storedIn) + planes(TILES, storedOut)

export const winogradGradientScratchBytes = (filter: FilterLayout): number =>
  planes(GRADIENT_TILES, filter.storedIn) +
  planes(GRADIENT_TILES, filter.storedOut) +
  winogradWeightBytes(filter)

function planes(tiles: number, channels: number): number {
  return PRODUCTS * (tiles * channels * FLOAT_BYTES + PLANE_GAP)
}

/** Bytes of one of the 16 planes of the tiles of all images. */
export function tilePlaneBytes(tiles: number, channels: number): number {
  return tiles * channels * FLOAT_BYTES + PLANE_GAP
}

export const tileBytes = (tiles: number, channels: number): number =>
  PRODUCTS * tilePlaneBytes(tiles, channels)

/** Units of the work that sums products. */
export const productUnits = ({ storedOut }: FilterLayout): number => PRODUCTS * (storedOut / LANES)
