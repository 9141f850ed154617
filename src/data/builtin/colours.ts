import type { Random } from '../../base/random.ts'

/** Red, green, blue, 0 … 1. */
export type Colour = readonly [number, number, number]

/** Least difference in brightness between what is drawn and what it is drawn on. */
const LEAST_CONTRAST = 0.3

/** Rec. 709 weights. */
const brightness = ([red, green, blue]: Colour) => 0.2126 * red + 0.7152 * green + 0.0722 * blue

export function anyColour(random: Random): Colour {
  return [random.uniform(), random.uniform(), random.uniform()]
}

/** Two colours that can be told apart; either may be the brighter one, so that neither gives a class away. */
export function contrastingColours(random: Random): { ink: Colour; ground: Colour } {
  for (;;) {
    const ink = anyColour(random)
    const ground = anyColour(random)
    if (Math.abs(brightness(ink) - brightness(ground)) >= LEAST_CONTRAST) return { ink, ground }
  }
}
