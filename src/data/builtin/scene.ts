// Everything in an image that says nothing about its class: colours, background, light and grain.
import { IMAGE_CHANNELS, IMAGE_SIDE, PLANE_BYTES } from '../../contract/data-set.ts'
import type { Random } from '../../contract/random.ts'
import type { Motif } from './motifs.ts'

/** Red, green, blue, 0 … 1. */
type Colour = readonly [number, number, number]

/** A value that changes evenly across the image. */
type Slope = { readonly start: number; readonly perX: number; readonly perY: number }

const GRAIN_VALUES = 1 << 15
/** Least difference in brightness between the motif and its background. */
const LEAST_CONTRAST = 0.25

const between = (random: Random, low: number, high: number) => low + (high - low) * random.uniform()

/** Rec. 709 weights. */
const brightness = ([red, green, blue]: Colour) => 0.2126 * red + 0.7152 * green + 0.0722 * blue

const anyColour = (random: Random): Colour => [random.uniform(), random.uniform(), random.uniform()]

function contrastingColours(random: Random): { motif: Colour; ground: Colour } {
  for (;;) {
    const motif = anyColour(random)
    const ground = anyColour(random)
    if (Math.abs(brightness(motif) - brightness(ground)) >= LEAST_CONTRAST) return { motif, ground }
  }
}

/** `middle` at the image's centre, changing by at most `most` from there to an edge, in either direction. */
function anySlope(random: Random, middle: number, most: number): Slope {
  const half = IMAGE_SIDE / 2
  const perX = between(random, -most, most) / half
  const perY = between(random, -most, most) / half
  return { start: middle - (perX + perY) * half, perX, perY }
}

/** Approximately normal grain, drawn once for all images: the sum of four uniforms, scaled to variance 1 (Irwin–Hall). */
export function createGrain(random: Random): Float32Array {
  const scale = Math.sqrt(3)
  return Float32Array.from({ length: GRAIN_VALUES }, () => {
    const sum = random.uniform() + random.uniform() + random.uniform() + random.uniform()
    return (sum - 2) * scale
  })
}

/** Draws one image into 3,072 bytes, planar R, G, B. */
export function paintScene(random: Random, motif: Motif, grain: Float32Array, pixels: Uint8Array): void {
  const colours = contrastingColours(random)
  const light = anySlope(random, between(random, 0.85, 1.1), 0.2)
  const noise = between(random, 0.02, 0.07)
  const coverage = new Float32Array(PLANE_BYTES)
  for (let at = 0; at < PLANE_BYTES; at++) {
    coverage[at] = motif((at % IMAGE_SIDE) + 0.5, Math.floor(at / IMAGE_SIDE) + 0.5)
  }
  for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
    const ground = anySlope(random, colours.ground[channel] ?? 0, 0.12)
    const ink = anySlope(random, colours.motif[channel] ?? 0, 0.12)
    const grainStart = random.below(GRAIN_VALUES)
    for (let at = 0; at < PLANE_BYTES; at++) {
      const x = (at % IMAGE_SIDE) + 0.5
      const y = Math.floor(at / IMAGE_SIDE) + 0.5
      const covered = coverage[at] ?? 0
      const surface = valueAt(ground, x, y) * (1 - covered) + valueAt(ink, x, y) * covered
      const speck = noise * (grain[(grainStart + at) % GRAIN_VALUES] ?? 0)
      const value = surface * valueAt(light, x, y) + speck
      pixels[channel * PLANE_BYTES + at] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
}

const valueAt = ({ start, perX, perY }: Slope, x: number, y: number) => start + perX * x + perY * y
