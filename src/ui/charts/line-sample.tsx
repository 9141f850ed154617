import type { RunColour } from './chart-types.ts'
import styles from './plot.module.css'

/** Dashes of a dashed run's lines, as in `stroke-dasharray`. */
export const DASHES = { train: '4 2', test: '6 3' } as const

/** A line as the plot draws it, for a legend; the text beside it says what it is. */
export function LineSample(props: {
  readonly colour: RunColour
  readonly dashed: boolean
  readonly part: 'train' | 'test'
}) {
  const { colour, dashed, part } = props
  return (
    <svg
      width="28"
      height="10"
      viewBox="0 0 28 10"
      className={`${styles[colour]} ${styles[part]}`}
      aria-hidden="true"
    >
      <path d="M1,5H27" strokeDasharray={dashed ? DASHES[part] : undefined} />
      {part === 'test' && <path className={styles.marks} d="M14,5h0" />}
    </svg>
  )
}
