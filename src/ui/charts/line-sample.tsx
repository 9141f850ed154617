import type { RunColour } from './chart-types.ts'
import { DASHES } from './plot.tsx'
import styles from './plot.module.css'

/** A line as the plot draws it, for a legend; the text beside it says what it is. */
export function LineSample(props: {
  readonly colour: RunColour
  readonly dashed: boolean
  readonly part: 'train' | 'test'
}) {
  const { colour, dashed, part } = props
  const className = `${styles[colour]} ${styles[part]}`
  return (
    <svg width="28" height="10" aria-hidden="true">
      <path className={className} d="M1,5H27" strokeDasharray={dashed ? DASHES[part] : undefined} />
      {part === 'test' && <path className={`${className} ${styles.marks}`} d="M14,5h0" />}
    </svg>
  )
}
