// What the lab is for, in one number: the accuracy with identity mappings less that without, with its interval.
import type { RunRecord } from '../../client/session/run-record.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import type { EpochRecord } from '../../contract/events.ts'
import type { Side } from '../../runs/pair.ts'
import { compareAnswers } from '../../runs/statistics/compare-groups.ts'
import { formatProbability } from '../../runs/statistics/format-comparison.ts'
import { count, signedPoints } from '../charts/curve-values.ts'
import styles from './difference.module.css'

/** At the newest epoch that both have reached; nothing before there is one. */
export function Difference({ runs }: { readonly runs: Readonly<Record<Side, RunRecord | null>> }) {
  const common = newestCommonEpoch(runs.a?.epochs ?? [], runs.b?.epochs ?? [])
  if (!common || !runs.a) return null
  const { a, b } = common
  const { synthetic } = DATA_SETS[runs.a.config.data.set]
  return (
    <section className={styles.difference} aria-label="Difference">
      <p className={styles.headline}>
        <span className={styles.points}>{signedPoints(a.test.accuracy - b.test.accuracy)}</span> points of
        test accuracy with identity mappings
      </p>
      <p className={styles.caption}>
        {intervalText(a, b)}
        {a.epoch === 0 ? 'before training' : `after epoch ${a.epoch}`} · {count(a.test.total)}
        {synthetic ? ' synthetic' : ''} test images, one seed
      </p>
    </section>
  )
}

/** "95 % interval +40.2 to +49.1 · p < 0.0001 · ", of the images that both have answered; nothing where they do not tell. */
function intervalText(a: EpochRecord, b: EpochRecord): string {
  const found = compareAnswers(a, b)
  if (!found) return ''
  const { interval, p } = found.result
  return `95 % interval ${interval.map(signedPoints).join(' to ')} · ${formatProbability(p)} · `
}

function newestCommonEpoch(
  a: readonly EpochRecord[],
  b: readonly EpochRecord[],
): { a: EpochRecord; b: EpochRecord } | null {
  const length = Math.min(a.length, b.length)
  const [lastA, lastB] = [a[length - 1], b[length - 1]]
  return lastA && lastB && lastA.epoch === lastB.epoch ? { a: lastA, b: lastB } : null
}
