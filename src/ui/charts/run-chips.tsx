// Which line is which: a chip for each run, that hides it, shows it again, and makes it stand out while it is pointed at.
import { ToggleButton } from 'react-aria-components'
import type { LineStyle } from './chart-types.ts'
import { LineSample } from './plot/line-sample.tsx'
import styles from './run-chips.module.css'

export type RunChipsProps = {
  readonly styles: readonly LineStyle[]
  /** Runs whose lines are not drawn. */
  readonly hidden: ReadonlySet<string>
  readonly highlighted: string | null
  readonly onHidden: (hidden: ReadonlySet<string>) => void
  readonly onHighlighted: (run: string | null) => void
}

export function RunChips({ styles: runs, hidden, highlighted, onHidden, onHighlighted }: RunChipsProps) {
  return (
    <div className={styles.chips} role="group" aria-label="Runs shown">
      {runs.map(({ run, label, description, colour, dashed }) => (
        <ToggleButton
          key={run}
          className={styles.chip ?? ''}
          isSelected={!hidden.has(run)}
          onChange={(isShown) => {
            const others = [...hidden].filter((other) => other !== run)
            onHidden(new Set(isShown ? others : [...others, run]))
          }}
          onHoverChange={(isOver) => onHighlighted(isOver ? run : null)}
          onFocusChange={(isFocused) => {
            if (!isFocused && highlighted === run) onHighlighted(null)
          }}
        >
          <LineSample colour={colour} dashed={dashed} part="train" />
          <b>{label}</b> <span className={styles.description}>{description}</span>
        </ToggleButton>
      ))}
    </div>
  )
}
