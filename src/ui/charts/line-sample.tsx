import type { LineStyle, Part } from './chart-types.ts'
import styles from './plot.module.css'

/** Dashes of a dashed run's lines, as in `stroke-dasharray`. */
export const DASHES = { train: '4 2', validation: '2 2', test: '6 3' } as const

/** A line as the plot draws it, for a legend; the text beside it says what it is. */
export function LineSample(props: {
  readonly colour: LineStyle['colour']
  readonly dashed: boolean
  readonly part: Part
}) {
  const { colour, dashed, part } = props
  return (
    <svg
      width="28"
      height="10"
      viewBox="0 0 28 10"
      className={`${styles[colour]} ${styles[part]} ${dashed ? styles.dashed : ''}`}
      aria-hidden="true"
    >
      <path d="M1,5H27" strokeDasharray={dashed ? DASHES[part] : undefined} />
      <Marks part={part} d="M14,5h0" />
    </svg>
  )
}

/** The marks of evaluations: filled where the images are the test's, hollow where they were set aside. */
export function Marks({ part, d }: { readonly part: Part; readonly d: string }) {
  if (part === 'train') return null
  return (
    <>
      <path className={styles.marks} d={d} />
      {part === 'validation' && <path className={styles.hollow} d={d} />}
    </>
  )
}
