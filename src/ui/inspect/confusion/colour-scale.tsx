import { THEME_INK } from '../../drawings/drawing-ink.ts'
import { tint } from './colours.ts'
import type { ConfusionView } from './confusion-view.ts'
import { scaleLevels, scaleUnit } from './scale-levels.ts'
import styles from './colour-scale.module.css'

/** What the colours mean, in values. */
export function ColourScale({ view, strength }: { readonly view: ConfusionView; readonly strength: number }) {
  return (
    <p className={styles.scale}>
      {view.signed && 'more in A'}
      {scaleLevels(view).map(({ level, text }) => (
        <span key={level}>
          <i style={{ backgroundColor: tint(level, view, strength, THEME_INK) }} />
          {text}
        </span>
      ))}
      {view.signed && 'more in B, '}
      {scaleUnit(view)}
    </p>
  )
}
