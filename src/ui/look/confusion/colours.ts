import type { RunColour } from '../../charts/chart-types.ts'
import type { ConfusionView } from './confusion-view.ts'

const TOKENS = { a: '--run-a', b: '--run-b' } as const

/** The design token of a colour; an imported file's is the ink's. */
const tokenOf = (colour: RunColour | null) => (colour ? TOKENS[colour] : '--ink-soft')

/** The token that a level is a tint of. */
const tokenOfLevel = (level: number, { above, below }: ConfusionView) => tokenOf(level < 0 ? below : above)

/**
 * A tint of the page, as a CSS colour.
 * @param level −1 … 1
 * @param strength how much of the token's colour the level 1 has, 0 … 1
 */
export function tint(level: number, view: ConfusionView, strength: number): string {
  const share = (Math.abs(level) * strength * 100).toFixed(1)
  return `color-mix(in srgb, var(${tokenOfLevel(level, view)}) ${share}%, var(--page))`
}

/** Under digits: more of the colour would leave them a contrast below 4.5 to 1 in the dark theme. */
export const TEXT_STRENGTH = 0.5
