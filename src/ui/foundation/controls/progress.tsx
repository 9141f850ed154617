import { ProgressBar } from 'react-aria-components'
import styles from './progress.module.css'

/** How far something is; the words beside it say the rest. */
export function Progress(props: {
  /** Read out. */
  readonly label: string
  /** 0 … 1; null where the end is not known. */
  readonly share: number | null
  /** Read out instead of the percentage. */
  readonly text?: string
}) {
  const { label, share, text } = props
  return (
    <ProgressBar
      className={styles.progress ?? ''}
      aria-label={label}
      value={share ?? 0}
      maxValue={1}
      isIndeterminate={share === null}
      {...(text !== undefined && { valueLabel: text })}
    >
      {({ percentage }) => (
        <div className={styles.track}>
          <div
            className={`${styles.bar} ${share === null ? styles.unknown : ''}`}
            style={share === null ? undefined : { width: `${percentage ?? 0}%` }}
          />
        </div>
      )}
    </ProgressBar>
  )
}
