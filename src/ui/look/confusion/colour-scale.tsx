import { tint } from './colours.ts'
import { valueAt } from './confusion-figures.ts'
import type { ConfusionView } from './confusion-view.ts'
import { cellText } from './confusion-words.ts'
import styles from './colour-scale.module.css'

const RISING = [0, 0.25, 0.5, 0.75, 1] as const
const DIVERGING = [-1, -0.5, 0, 0.5, 1] as const

/** What the colours mean, in figures. */
export function ColourScale({ view, strength }: { readonly view: ConfusionView; readonly strength: number }) {
  const { unit, signed, largest } = view
  const rounded = (value: number) => (unit === 'count' ? Math.round(value) : value)
  return (
    <p className={styles.scale}>
      {signed && 'more in A'}
      {(signed ? DIVERGING : RISING).map((level) => (
        <span key={level}>
          <i style={{ backgroundColor: tint(level, view, strength) }} />
          {cellText(rounded(valueAt(level, largest)), unit, signed)}
        </span>
      ))}
      {signed && 'more in B, '}
      {unit === 'count' ? 'images' : signed ? 'points' : '% of the true class'}
    </p>
  )
}
