import { useMemo } from 'react'
import type { RunRecord } from '../../client/session/run-record.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import type { Side } from '../../runs/pair.ts'
import { runLength } from '../../runs/run-length.ts'
import { useLab } from '../foundation/lab-context.tsx'
import { Panel } from '../foundation/panel.tsx'
import type { RunSeries } from '../charts/chart-types.ts'
import { aboutRuns } from '../../runs/about-runs.ts'
import { RunCharts } from '../charts/run-charts.tsx'
import { SIDE_NAMES } from '../foundation/side-names.ts'

/** Both runs' metrics, one over the other. */
export function ChartsPanel() {
  const a = useLab((state) => state.runs.a)
  const b = useLab((state) => state.runs.b)
  const seriesA = useMemo(() => a && seriesOf('a', a), [a])
  const seriesB = useMemo(() => b && seriesOf('b', b), [b])
  const runs = useMemo(() => [seriesA, seriesB].filter((series) => series !== null), [seriesA, seriesB])
  const config = a?.config ?? b?.config
  const length = config && runLength(config)
  return (
    <Panel title="Charts">
      <RunCharts
        runs={runs}
        stepsPerEpoch={length?.stepsPerEpoch ?? null}
        plannedSteps={length?.totalSteps ?? 0}
        about={config ? aboutRuns([config]) : ''}
        synthetic={config ? DATA_SETS[config.data.set].synthetic : false}
      />
    </Panel>
  )
}

function seriesOf(side: Side, { run, steps, epochs }: RunRecord): RunSeries {
  const { letter, description } = SIDE_NAMES[side]
  return {
    run,
    label: letter,
    description,
    colour: side,
    dashed: side === 'b',
    steps,
    epochs,
  }
}
