import { useStore } from 'zustand'
import type { Updates } from '../../client/site/updates.ts'
import { isActive } from '../../client/session/session-record.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { useLab } from '../foundation/lab-context.tsx'
import styles from './update-notice.module.css'

/** A line that asks. A session that is paused has its checkpoint: it is there again after the reload. */
export function UpdateNotice({ updates }: { readonly updates: Updates }) {
  const isReady = useStore(updates, (state) => state.isReady)
  const isTraining = useLab(({ session }) => isActive(session) && session?.state !== 'paused')
  return (
    <div className={styles.line} aria-live="polite">
      {isReady && (
        <p className={styles.text}>
          {isTraining
            ? 'A new version is ready. Pause training to load it, or go on: it waits.'
            : 'A new version is ready. Your runs are kept.'}
        </p>
      )}
      {isReady && !isTraining && <ActionButton onPress={updates.load}>Reload</ActionButton>}
    </div>
  )
}
