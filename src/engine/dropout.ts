// Which channels a dropout drops: a function of the run, the step, the layer, the image and the channel. Nothing of it is
// kept, so the backward pass draws it again, a resumed run goes on as it would have, and a pair shares its masks.
import { pcg4d, seedWord } from '../base/counter-random.ts'

/** Channels that one hash decides. */
const LANES = 4
const WORDS = 0x1_0000_0000
/** The layer's place in the word that it shares with the channels. */
export const LAYER_SHIFT = 16

export type DropoutDraw = {
  /** The run's. */
  readonly seed: number
  /** Steps taken before this one. */
  readonly step: number
  /** The how-manieth dropout of the network, from 0. */
  readonly layer: number
  /** The probability with which a channel is dropped, in [0, 1). */
  readonly rate: number
}

/** A channel is dropped where its word is below this. */
export function dropThreshold(rate: number): number {
  return Math.floor(rate * WORDS)
}

/** What a channel that is kept is multiplied by. */
export function keptScale(rate: number): number {
  return Math.fround(1 / (1 - rate))
}

/** The factor of every channel of every image: 0 or `keptScale`; images × channels. */
export function dropoutFactors(draw: DropoutDraw, images: number, channels: number): Float32Array {
  const factors = new Float32Array(images * channels)
  const seed = seedWord(draw.seed)
  const threshold = dropThreshold(draw.rate)
  const scale = keptScale(draw.rate)
  for (let image = 0; image < images; image++) {
    for (let first = 0; first < channels; first += LANES) {
      const place = (draw.layer << LAYER_SHIFT) | (first / LANES)
      const words = pcg4d([image, place, draw.step, seed]).slice(0, channels - first)
      for (const [lane, word] of words.entries()) {
        factors[image * channels + first + lane] = word < threshold ? 0 : scale
      }
    }
  }
  return factors
}
