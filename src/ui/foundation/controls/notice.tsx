import type { ReactNode } from 'react'
import type { Failure } from '../../../base/app-error.ts'
import { ActionButton } from './action-button.tsx'
import styles from './notice.module.css'

/** Something that a person should know. A failure is announced at once. */
export function Notice(props: {
  readonly tone: 'plain' | 'warn' | 'bad'
  readonly children: ReactNode
  readonly onDismiss?: (() => void) | undefined
}) {
  const { tone, children, onDismiss } = props
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ''}`} {...(tone === 'bad' && { role: 'alert' })}>
      <div className={styles.text}>{children}</div>
      {onDismiss && (
        <ActionButton rank="quiet" onPress={onDismiss}>
          Dismiss
        </ActionButton>
      )}
    </div>
  )
}

/** A failure's sentence; what only a developer reads is folded away. Nothing where there is no failure. */
export function FailureNotice(props: {
  readonly failure: Failure | null
  readonly onDismiss?: (() => void) | undefined
}) {
  const { failure, onDismiss } = props
  if (!failure) return null
  return (
    <Notice tone="bad" onDismiss={onDismiss}>
      <p>{failure.message}</p>
      {failure.details !== null && (
        <details>
          <summary>Details</summary>
          {/* Long details scroll, also by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0}>{failure.details}</pre>
        </details>
      )}
    </Notice>
  )
}
