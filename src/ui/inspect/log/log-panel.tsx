// The Log tab: what happened, line by line, the newest in view.
import { useLayoutEffect, useRef } from 'react'
import { CopyButton } from '../../foundation/controls/copy-button.tsx'
import { count } from '../../charts/curve-values.ts'
import { type LabelledLogLine, lineText, logText } from './log-text.ts'
import styles from './log-panel.module.css'

/** Older lines are still copied, but not drawn. */
const MOST_SHOWN = 500
/** As near to the end as this, in pixels, a reader is following. */
const FOLLOWING = 24

export function LogPanel({ log }: { readonly log: readonly LabelledLogLine[] }) {
  const list = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const shown = log.slice(-MOST_SHOWN)
  const hidden = log.length - shown.length

  useLayoutEffect(() => {
    if (following.current && list.current) list.current.scrollTop = list.current.scrollHeight
  })

  if (log.length === 0) return <p className={styles.note}>The log is empty.</p>
  return (
    <div className={styles.panel}>
      <div className={styles.bar}>
        <CopyButton
          text={() => logText(log)}
          done={`${count(log.length)} ${log.length === 1 ? 'line' : 'lines'} copied.`}
        >
          Copy
        </CopyButton>
        {hidden > 0 && (
          <span className={styles.note}>
            Showing the last {count(shown.length)} of {count(log.length)} lines. Copy takes all.
          </span>
        )}
      </div>
      <div
        ref={list}
        role="log"
        aria-label="Log"
        // It scrolls, also by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={styles.log}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          following.current = scrollHeight - scrollTop - clientHeight < FOLLOWING
        }}
      >
        {shown.map((line, i) => (
          // Lines are only ever appended: their number is their identity.
          // oxlint-disable-next-line react/no-array-index-key
          <p key={hidden + i} className={styles[line.level]}>
            {lineText(line)}
          </p>
        ))}
      </div>
    </div>
  )
}
