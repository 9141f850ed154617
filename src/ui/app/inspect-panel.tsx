import { useMemo } from 'react'
import type { LogEntry } from '../../client/session/session-slice.ts'
import { dataSetList } from '../../client/data/data-sets.ts'
import type { ImportedEvaluation } from '../../client/export/export-slice.ts'
import type { Side } from '../../runs/pair.ts'
import type { LabelledEvaluation, LabelledLogLine } from '../inspect/inspect-types.ts'
import { InspectZone } from '../inspect/inspect-zone.tsx'
import { SIDE_NAMES } from '../run/side-names.ts'
import { FeaturesInspector } from './features-inspector.tsx'
import { useActions, useLab } from '../foundation/lab-context.tsx'

/** The Look zone on what the lab knows. */
export function InspectPanel() {
  const a = useLatestEvaluation('a')
  const b = useLatestEvaluation('b')
  const imported = useLab((state) => state.imported)
  const dataSets = useLab((state) => state.dataSets)
  const setup = useLab((state) => state.setup)
  const log = useLab((state) => state.log)
  const { browse } = useActions()
  const evaluations = useMemo(
    () => [a, b, ...imported.map(importedEvaluation)].filter((evaluation) => evaluation !== null),
    [a, b, imported],
  )
  return (
    <InspectZone
      evaluations={evaluations}
      dataSets={useMemo(() => dataSetList({ dataSets }), [dataSets])}
      browse={browse}
      config={setup}
      features={<FeaturesInspector />}
      log={useMemo(() => log.map(labelledLogLine), [log])}
    />
  )
}

/** The same object until the run is tested again, however many steps it takes in between. */
function useLatestEvaluation(side: Side): LabelledEvaluation | null {
  const latest = useLab((state) => state.runs[side]?.epochs.at(-1))
  const run = useLab((state) => state.runs[side]?.run)
  const set = useLab((state) => state.runs[side]?.config.data.set)
  return useMemo(() => {
    if (!latest || run === undefined || set === undefined) return null
    const { letter, description } = SIDE_NAMES[side]
    return {
      key: run,
      short: letter,
      label: `${letter} ${description}`,
      colour: side,
      set,
      evaluation: latest.test,
      epoch: latest.epoch,
    }
  }, [latest, run, set, side])
}

function importedEvaluation({ key, fileName, set, evaluation }: ImportedEvaluation): LabelledEvaluation {
  return { key, short: 'file', label: fileName, colour: null, set, evaluation, epoch: null }
}

function labelledLogLine({ at, level, side, text }: LogEntry): LabelledLogLine {
  return { at, level, run: side && SIDE_NAMES[side].letter, text }
}
