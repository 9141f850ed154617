import type { RunRecord } from '../../client/session/run-record.ts'
import type { EpochRecord } from '../../contract/events.ts'
import type { Side } from '../../runs/pair.ts'
import { count, signedPoints } from '../charts/curve-values.ts'
import styles from './run-columns.module.css'

/** B − A at the newest epoch that both have reached; nothing before there is one. */
export function Difference({ runs }: { readonly runs: Readonly<Record<Side, RunRecord | null>> }) {
  const common = newestCommonEpoch(runs.a?.epochs ?? [], runs.b?.epochs ?? [])
  if (!common) return null
  const { a, b } = common
  return (
    <p className={styles.difference}>
      B − A after epoch {b.epoch}: <strong>{signedPoints(b.test.accuracy - a.test.accuracy)} points</strong>{' '}
      of test accuracy, n = {count(b.test.total)}, one seed.
    </p>
  )
}

function newestCommonEpoch(
  a: readonly EpochRecord[],
  b: readonly EpochRecord[],
): { a: EpochRecord; b: EpochRecord } | null {
  const length = Math.min(a.length, b.length)
  const [ofA, ofB] = [a[length - 1], b[length - 1]]
  return ofA && ofB && ofA.epoch === ofB.epoch ? { a: ofA, b: ofB } : null
}
