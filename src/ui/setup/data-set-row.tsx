import { Radio } from 'react-aria-components'
import { DATA_SETS, type DataSetFacts } from '../../contract/data-set.ts'
import type { DataSetStatus } from '../../contract/events.ts'
import { count } from '../charts/figures.ts'
import { ActionButton } from '../controls/action-button.tsx'
import { FailureNotice } from '../controls/notice.tsx'
import { Progress } from '../controls/progress.tsx'
import styles from './data-panel.module.css'
import { transferWords } from './transfer-words.ts'

export type DataSetActions = {
  readonly onGet: () => void
  readonly onPause: () => void
  readonly onCancel: () => void
  readonly onRemove: () => void
}

/** One data set: a choice, its facts, and what can be done about it now. */
export function DataSetRow({ status, ...actions }: { readonly status: DataSetStatus } & DataSetActions) {
  const facts = DATA_SETS[status.set]
  return (
    <div className={styles.set}>
      <Radio value={status.set} className={styles.radio ?? ''}>
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.title}>{facts.title}</span>
      </Radio>
      <div className={styles.actions}>
        <RowButtons status={status} title={facts.title} {...actions} />
      </div>
      <p className={styles.facts}>{describe(facts)}</p>
      <Transfer status={status} title={facts.title} />
      {status.failure && (
        <div className={styles.whole}>
          <FailureNotice failure={status.failure} />
        </div>
      )}
    </div>
  )
}

function describe({ classes, images, synthetic }: DataSetFacts): string {
  const origin = synthetic ? 'generated' : '170 MB'
  return `${classes} classes · ${count(images.train + images.test)} images · ${origin}`
}

function RowButtons(props: { readonly status: DataSetStatus; readonly title: string } & DataSetActions) {
  const { status, title, onGet, onPause, onCancel, onRemove } = props
  if (DATA_SETS[status.set].synthetic) return null
  const cancel = (
    <ActionButton label={`Cancel download of ${title}`} onPress={onCancel}>
      Cancel
    </ActionButton>
  )
  switch (status.state) {
    case 'absent':
      return <ActionButton onPress={onGet}>Get {title}</ActionButton>
    case 'downloading':
      return (
        <>
          <ActionButton label={`Pause download of ${title}`} onPress={onPause}>
            Pause
          </ActionButton>
          {cancel}
        </>
      )
    case 'paused':
      return (
        <>
          <ActionButton label={`Resume download of ${title}`} onPress={onGet}>
            Resume
          </ActionButton>
          {cancel}
        </>
      )
    case 'unpacking':
      return cancel
    case 'ready':
      return (
        <ActionButton label={`Remove ${title} from this browser`} onPress={onRemove}>
          Remove
        </ActionButton>
      )
    default:
      return status.state satisfies never
  }
}

function Transfer({ status, title }: { readonly status: DataSetStatus; readonly title: string }) {
  if (status.state === 'absent' || status.state === 'ready') return null
  const { what, done, speed, left } = transferWords(status)
  return (
    <div className={styles.whole}>
      <Progress
        label={`${what} ${title}`}
        share={status.totalBytes ? status.bytes / status.totalBytes : null}
        text={done}
      />
      <p className={styles.readout}>
        <span>
          {what} {done}
        </span>
        <span>{[speed, left].filter((part) => part !== null).join(' · ')}</span>
      </p>
    </div>
  )
}
