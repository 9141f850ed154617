// Which stored runs are compared, and their comparison, over the page.
import { memo, useEffect, useMemo, useState } from 'react'
import type { RunEntry } from '../../contract/run-record.ts'
import { formatNetwork } from '../../network/format-network.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { hundredths } from '../charts/curve-values.ts'
import { FailureNotice, Notice } from '../foundation/controls/notice.tsx'
import { CompareView } from './compare-view.tsx'
import styles from './compare-view.module.css'

/** @param first the runs that are compared when it opens; more can be chosen, and fewer */
export const CompareRuns = memo(function CompareRuns({ first }: { readonly first: readonly string[] }) {
  const entries = useLab((state) => state.stored.entries)
  const compared = useLab((state) => state.compared)
  const failure = useLab((state) => state.failures.runs)
  const isReading = useLab((state) => state.busy.has('compare'))
  // Ahead of what is compared, while runs are read.
  const [chosen, setChosen] = useState(first)
  const { compareRuns, dismissFailure } = useActions()
  useEffect(() => void compareRuns(first), [compareRuns, first])
  const runs = useMemo(
    () => entries.filter(({ result, deletedAt }) => result !== null && deletedAt === null),
    [entries],
  )
  function choose(run: string, isChosen: boolean): void {
    const others = chosen.filter((other) => other !== run)
    const next = isChosen ? [...others, run] : others
    setChosen(next)
    void compareRuns(next)
  }

  if (runs.length === 0) {
    return <p className={styles.note}>No results yet. Train a run for at least one epoch.</p>
  }
  return (
    <div className={styles.view}>
      <fieldset className={styles.chooser}>
        <legend>Runs</legend>
        <div className={styles.choices}>
          {runs.map((entry) => (
            <label key={entry.run} className={styles.choice}>
              <input
                type="checkbox"
                checked={chosen.includes(entry.run)}
                onChange={({ target }) => choose(entry.run, target.checked)}
              />
              <span>{choiceText(entry)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <FailureNotice failure={failure} onDismiss={() => dismissFailure('runs')} />
      {isReading && compared.length === 0 && <Notice tone="plain">Loading runs…</Notice>}
      {chosen.length === 0 && (
        <p className={styles.note}>
          Select at least two runs: with and without identity, several seeds or several depths.
        </p>
      )}
      {compared.length > 0 && <CompareView runs={compared} />}
    </div>
  )
})

function choiceText({ name, config, result }: RunEntry): string {
  const what = name || `${formatNetwork(config.network)}, seed ${config.seed}`
  return result ? `${what}: ${hundredths(result.last)}\u202f% after epoch ${result.epoch}` : what
}
