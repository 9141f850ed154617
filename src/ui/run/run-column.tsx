import { useId } from 'react'
import { bestEpoch, type RunRecord } from '../../client/session/run-record.ts'
import { coarseAccuracy } from '../../base/coarse-classes.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import type { EpochRecord } from '../../contract/events.ts'
import type { Side } from '../../runs/pair.ts'
import { count, loss, NONE, percent } from '../charts/curve-values.ts'
import { FailureNotice } from '../foundation/controls/notice.tsx'
import styles from './run-columns.module.css'
import { SIDE_NAMES } from '../foundation/side-names.ts'

/** One side of the experiment: what it has reached. */
export function RunColumn(props: {
  readonly side: Side
  readonly run: RunRecord | null
  /** What it is doing, in a word. */
  readonly state: string
}) {
  const { side, run, state } = props
  const id = useId()
  const { letter, description } = SIDE_NAMES[side]
  const latest = run?.epochs.at(-1) ?? null
  return (
    <section className={`${styles.column} ${styles[side]}`} aria-labelledby={id}>
      <svg className={styles.rule} aria-hidden="true">
        <line x1="0" y1="1.5" x2="100%" y2="1.5" />
      </svg>
      <header className={styles.heading}>
        <h3 id={id}>
          {letter} {description}
        </h3>
        <span className={styles.state}>{state}</span>
      </header>
      <p className={styles.score}>
        <span className={styles.metric}>{latest ? percent(latest.test.accuracy) : NONE}</span>
        <span className={styles.caption}>
          test accuracy
          {run && latest && `, ${formatEpoch(latest)} · ${testImages(run, latest)}`}
        </span>
      </p>
      <Facts run={run} />
      <FailureNotice failure={run?.failure ?? null} />
    </section>
  )
}

/** "200 synthetic test images" */
function testImages(run: RunRecord, { test }: EpochRecord): string {
  return `${count(test.total)}${DATA_SETS[run.config.data.set].synthetic ? ' synthetic' : ''} test images`
}

type Row = [name: string, value: string]

const formatEpoch = ({ epoch }: EpochRecord) => (epoch === 0 ? 'before training' : `epoch ${epoch}`)

/** Where images are set aside: what they said of the best epoch, which they chose, and of the newest. */
function validationRows(best: EpochRecord | null, latest: EpochRecord | undefined): Row[] {
  if (!best?.validation || !latest?.validation) return []
  return [
    ['Validation accuracy there', `${percent(best.validation.accuracy)} of ${count(best.validation.total)}`],
    ['Validation accuracy', `${percent(latest.validation.accuracy)}, ${formatEpoch(latest)}`],
  ]
}

/** Only where the set has coarse classes. */
const coarseRow = (coarse: number | null): Row[] =>
  coarse === null ? [] : [['Coarse-class accuracy', percent(coarse)]]

function Facts({ run }: { readonly run: RunRecord | null }) {
  const best = run && bestEpoch(run)
  const latest = run?.epochs.at(-1)
  const step = run?.steps.loss.length ?? 0
  const trainingLoss = run?.steps.loss.at(-1)
  const coarse = run && latest ? coarseAccuracy(run.config.data.set, latest.test.confusion) : null
  const rows: Row[] = [
    [
      best?.validation ? 'Best, by validation' : 'Best',
      best ? `${percent(best.test.accuracy)}, ${formatEpoch(best)}` : NONE,
    ],
    ...validationRows(best, latest),
    ...coarseRow(coarse),
    ['Test loss', latest ? loss(latest.test.loss) : NONE],
    ['Training loss', trainingLoss === undefined ? NONE : `${loss(trainingLoss)}, step ${count(step)}`],
    ['Training accuracy', latest?.train ? `${percent(latest.train.accuracy)}, ${formatEpoch(latest)}` : NONE],
  ]
  return (
    <dl className={styles.facts}>
      {rows.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
