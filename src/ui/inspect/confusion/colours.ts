import type { DrawingInk } from '../../drawings/drawing-ink.ts'
import { mixed } from '../../drawings/mixed-colour.ts'
import type { ConfusionView } from './confusion-view.ts'

/** The colour that a level is a tint of; an imported file's is the ink's. */
function colourOf(level: number, { above, below }: ConfusionView, ink: DrawingInk): string {
  const run = level < 0 ? below : above
  return run ? ink.lines[run] : ink.soft
}

/**
 * A tint of the page, as a CSS colour.
 * @param level −1 … 1
 * @param strength how much of the full colour the level 1 has, 0 … 1
 */
export function tint(level: number, view: ConfusionView, strength: number, ink: DrawingInk): string {
  return mixed(colourOf(level, view, ink), ink.page, Math.abs(level) * strength)
}

/** Under digits: more of the colour would leave them a contrast below 4.5 to 1 in the dark theme. */
export const TEXT_STRENGTH = 0.5
