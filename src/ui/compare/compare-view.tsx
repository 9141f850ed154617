// Runs beside one another: overlaid, or as groups over seeds; what tests find; accuracy against depth.
import { memo, useMemo, useState } from 'react'
import { DATA_SETS } from '../../base/data-set.ts'
import type { ComparedRun } from '../../runs/compared-run.ts'
import { runLength } from '../../runs/run-length.ts'
import { aboutRuns } from '../../runs/about-runs.ts'
import { RunCharts } from '../charts/run-charts.tsx'
import { Segmented } from '../charts/segmented.tsx'
import { formatsOf } from '../../transfer/formats/index.ts'
import { MenuButton, MenuChoices } from '../foundation/controls/menu-button.tsx'
import { useActions } from '../foundation/lab-context.tsx'
import { ComparedTable } from './compared-table.tsx'
import { type Comparison, comparisonOf, resultsOf } from './comparison.ts'
import { DepthChart } from './depth-chart.tsx'
import styles from './compare-view.module.css'

const DRAWINGS = [
  { id: 'runs', text: 'Each run' },
  { id: 'groups', text: 'Means over seeds' },
] as const

/** @param runs at least one */
export const CompareView = memo(function CompareView({ runs }: { readonly runs: readonly ComparedRun[] }) {
  const [drawing, setDrawing] = useState<'runs' | 'groups'>('runs')
  const comparison = useMemo(() => comparisonOf(runs), [runs])
  const { epoch, groups, repeated, findings, sweeps } = comparison
  const hasGroups = groups.length < runs.length
  const shown = hasGroups ? drawing : 'runs'
  const series = useMemo(() => comparison[shown].map((compared) => compared.series), [comparison, shown])
  const configs = runs.map(({ config }) => config)
  const { exportResults } = useActions()
  const choices = formatsOf('results').map(({ id, label, note }) => ({
    id,
    text: label,
    note,
    perform: () => void exportResults(id, resultsOf(comparison[shown], epoch, aboutRuns(configs))),
  }))
  return (
    <div className={styles.view}>
      {hasGroups && <Segmented label="Compare" options={DRAWINGS} value={shown} onChange={setDrawing} />}
      <ComparedTable compared={comparison[shown]} epoch={epoch} />
      <div>
        <MenuButton label="Export table" face="Export table">
          <MenuChoices label="Export table" choices={choices} />
        </MenuButton>
      </div>
      {repeated > 0 && (
        <p className={styles.note}>
          Each seed counts once per group: {repeated} duplicate {repeated === 1 ? 'run is' : 'runs are'} left
          out.
        </p>
      )}
      <Findings findings={findings} groups={groups} />
      {sweeps.map((sweep) => (
        <DepthChart key={sweep.points.map(({ depth }) => depth).join()} sweep={sweep} />
      ))}
      <section className={styles.part}>
        <h3 className={styles.title}>Curves</h3>
        <RunCharts
          runs={series}
          stepsPerEpoch={commonLength(configs.map((config) => runLength(config).stepsPerEpoch))}
          plannedSteps={Math.max(...configs.map((config) => runLength(config).totalSteps))}
          about={aboutRuns(configs)}
          synthetic={configs.some(({ data }) => DATA_SETS[data.set].synthetic)}
        />
      </section>
    </div>
  )
})

/** The epochs' length where all runs' are of one. */
function commonLength(lengths: readonly number[]): number | null {
  const [first] = lengths
  return first !== undefined && lengths.every((length) => length === first) ? first : null
}

/** Significance tests, in sentences; where they find nothing to say, when they would. */
function Findings({ findings, groups }: Pick<Comparison, 'findings' | 'groups'>) {
  if (findings.length === 0) return <p className={styles.note}>{silence(groups)}</p>
  return (
    <section aria-label="Significance tests">
      <ul className={styles.findings}>
        {findings.map((finding) => (
          <li key={finding}>{finding.charAt(0).toUpperCase() + finding.slice(1)}</li>
        ))}
      </ul>
      {findings.length > 2 && (
        <p className={styles.note}>
          {findings.length} tests, uncorrected: about 1 in 20 is a false positive.
        </p>
      )}
    </section>
  )
}

function silence(groups: Comparison['groups']): string {
  const seeds = groups.map((group) => group.seeds.length)
  return groups.length > 1 && Math.min(...seeds) < 3
    ? 'Significance tests need at least 3 seeds per group. A pair that differs only in identity, or exactly two runs, is compared by its stored predictions.'
    : 'Not enough data for a significance test.'
}
