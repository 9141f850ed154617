// Draws a motif in a scene: colours, light, clouds, grain and specks, none of which says anything about the class.
import { IMAGE_CHANNELS, IMAGE_SIDE, PLANE_BYTES } from '../../base/data-set.ts'
import type { Random } from '../../base/random.ts'
import { anyColour, contrastingColours } from './colours.ts'
import { between } from './draws.ts'
import { coverage, type Motif } from './motif.ts'
import { anySlope, createGrain, fillWithClouds, type Plane } from './planes.ts'

/** Draws one image into 3,072 bytes, planar R, G, B; the values of `random` decide everything but the motif. */
export type Painter = (random: Random, motif: Motif, pixels: Uint8ClampedArray) => void

/** Places at which an image's grain may begin; drawing grain anew for each image would take most of the time. */
const GRAIN_STARTS = 1 << 15

export function createPainter(random: Random): Painter {
  const grain = createGrain(random, GRAIN_STARTS + PLANE_BYTES)
  const covers: Plane = new Float32Array(PLANE_BYTES)
  const light: Plane = new Float32Array(PLANE_BYTES)

  return (image, motif, pixels) => {
    const { ink, ground } = contrastingColours(image)
    fillWithMotif(covers, motif)
    fillWithClouds(image, light, anySlope(image, between(image, 215, 280), 50), between(image, 0, 40))
    const noise = between(image, 5, 13)
    for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
      paintPlane(pixels.subarray(channel * PLANE_BYTES, (channel + 1) * PLANE_BYTES), {
        covers,
        light,
        ground: anySlope(image, ground[channel] ?? 0, 0.12),
        ink: anySlope(image, ink[channel] ?? 0, 0.12),
        grain: grain.subarray(image.below(GRAIN_STARTS)),
        noise,
      })
    }
    for (let specks = image.below(3); specks > 0; specks--) paintSpeck(image, pixels)
  }
}

function fillWithMotif(plane: Plane, motif: Motif): void {
  const side = IMAGE_SIDE
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) plane[at] = motif(column + 0.5, row + 0.5)
  }
}

type Layers = {
  readonly covers: Plane
  /** What white shines with, in byte values. */
  readonly light: Plane
  readonly ground: ReturnType<typeof anySlope>
  readonly ink: ReturnType<typeof anySlope>
  readonly grain: Float32Array
  /** Standard deviation of the grain, in byte values. */
  readonly noise: number
}

function paintPlane(pixels: Uint8ClampedArray, { covers, light, ground, ink, grain, noise }: Layers): void {
  const side = IMAGE_SIDE
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      const below = ground.start + ground.perColumn * column + ground.perRow * row
      const above = ink.start + ink.perColumn * column + ink.perRow * row
      const surface = below + (above - below) * (covers[at] ?? 0)
      pixels[at] = surface * (light[at] ?? 0) + noise * (grain[at] ?? 0)
    }
  }
}

/** A small disc of any colour over everything. */
function paintSpeck(random: Random, pixels: Uint8ClampedArray): void {
  const colour = anyColour(random)
  const radius = between(random, 0.7, 2.2)
  const left = between(random, 0, IMAGE_SIDE)
  const top = between(random, 0, IMAGE_SIDE)
  const reach = radius + 1
  for (let row = Math.max(0, Math.floor(top - reach)); row < Math.min(IMAGE_SIDE, top + reach); row++) {
    for (
      let column = Math.max(0, Math.floor(left - reach));
      column < Math.min(IMAGE_SIDE, left + reach);
      column++
    ) {
      const u = column + 0.5 - left
      const v = row + 0.5 - top
      const covered = coverage(Math.sqrt(u * u + v * v) - radius)
      for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
        const at = channel * PLANE_BYTES + row * IMAGE_SIDE + column
        const below = pixels[at] ?? 0
        pixels[at] = below + (255 * (colour[channel] ?? 0) - below) * covered
      }
    }
  }
}
