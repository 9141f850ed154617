import { valueAt } from './confusion-values.ts'
import type { ConfusionView } from './confusion-view.ts'
import { valueText } from './format-confusion.ts'

const RISING = [0, 0.25, 0.5, 0.75, 1] as const
const DIVERGING = [-1, -0.5, 0, 0.5, 1] as const

/** Levels of a matrix's colours, and the values that they stand for. */
export function scaleLevels({
  unit,
  signed,
  largest,
}: ConfusionView): readonly { level: number; text: string }[] {
  return (signed ? DIVERGING : RISING).map((level) => {
    const value = valueAt(level, largest)
    return { level, text: valueText(unit === 'count' ? Math.round(value) : value, unit, signed) }
  })
}

/** "images", "% of the true class", "points" */
export const scaleUnit = ({ unit, signed }: ConfusionView) =>
  unit === 'count' ? 'images' : signed ? 'points' : '% of the true class'
