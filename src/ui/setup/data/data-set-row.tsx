import { Radio } from 'react-aria-components'
import { DATA_SETS, type DataSetFacts } from '../../../base/data-set.ts'
import type { StoredDataSet } from '../../../contract/events.ts'
import { useLab } from '../../foundation/lab-context.tsx'
import { count } from '../../charts/curve-values.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { FailureNotice, Notice } from '../../foundation/controls/notice.tsx'
import { Progress } from '../../foundation/controls/progress.tsx'
import styles from './data-panel.module.css'
import { formatTransfer } from './format-transfer.ts'

export type DataSetActions = {
  readonly onGet: () => void
  readonly onPause: () => void
  readonly onCancel: () => void
  readonly onRemove: () => void
}

/** One data set: a choice, its facts, and what can be done about it now. */
export function DataSetRow({
  place,
  canGet,
  ...actions
}: {
  readonly place: StoredDataSet
  /** False while it is not known from where. */
  readonly canGet: boolean
} & DataSetActions) {
  const { set, notice, failure } = place
  const facts = DATA_SETS[set]
  return (
    <div className={styles.set}>
      <Radio value={set} className={styles.radio ?? ''}>
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.title}>{facts.title}</span>
      </Radio>
      <div className={styles.actions}>
        <RowButtons {...{ place, canGet }} title={facts.title} {...actions} />
      </div>
      <p className={styles.facts}>{describe(facts)}</p>
      <TransferReadout place={place} title={facts.title} />
      {notice !== null && (
        <div className={styles.whole}>
          <Notice tone="plain">{notice}</Notice>
        </div>
      )}
      {failure && (
        <div className={styles.whole}>
          <FailureNotice failure={failure} />
        </div>
      )}
    </div>
  )
}

function describe({ classes, images, synthetic }: DataSetFacts): string {
  const origin = synthetic ? 'generated' : '170 MB'
  return `${classes} classes · ${count(images.train + images.test)} images · ${origin}`
}

function RowButtons(
  props: {
    readonly place: StoredDataSet
    readonly canGet: boolean
    readonly title: string
  } & DataSetActions,
) {
  const { place, canGet, title, onGet, onPause, onCancel, onRemove } = props
  if (DATA_SETS[place.set].synthetic) return null
  const cancel = (
    <ActionButton label={`Cancel download of ${title}`} onPress={onCancel}>
      Cancel
    </ActionButton>
  )
  switch (place.state) {
    case 'absent':
      return (
        <ActionButton disabled={!canGet} onPress={onGet}>
          Get {title}
        </ActionButton>
      )
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
          <ActionButton label={`Resume download of ${title}`} disabled={!canGet} onPress={onGet}>
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
      return place.state satisfies never
  }
}

/** Apart, because it alone changes with every report of progress. */
function TransferReadout(props: { readonly place: StoredDataSet; readonly title: string }) {
  const { place, title } = props
  const transfer = useLab(({ transfers }) => transfers[place.set])
  if (place.state === 'absent' || place.state === 'ready') return null
  const { what, done, speed, left } = formatTransfer(place.state, transfer)
  return (
    <div className={styles.whole}>
      <Progress
        label={`${what} ${title}`}
        share={transfer.totalBytes ? transfer.bytes / transfer.totalBytes : null}
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
