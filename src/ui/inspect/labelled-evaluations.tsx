// Test scores and whose they are: what Confusion and Classes are about.
import { useMemo } from 'react'
import type { DataSetId } from '../../base/data-set.ts'
import type { ImportedEvaluation } from '../../client/export/export-slice.ts'
import type { LabState } from '../../client/lab-store.ts'
import type { Evaluation } from '../../contract/evaluation.ts'
import { SIDES, type Side } from '../../runs/pair.ts'
import type { RunColour } from '../charts/chart-types.ts'
import { useLab } from '../foundation/lab-context.tsx'
import { SIDE_NAMES } from '../foundation/side-names.ts'
import { EmptyTab } from './empty-tab.tsx'

export type LabelledEvaluation = {
  readonly key: string
  /** For a column: "A", "B", "file". */
  readonly short: string
  /** In full: "A with identity", "imported resnet20.safetensors". */
  readonly label: string
  /** Null for what is no run, such as an imported file. */
  readonly colour: RunColour | null
  /** The data set that was scored, which names the classes. */
  readonly set: DataSetId
  readonly evaluation: Evaluation
  /** Null where no epoch of ours made the weights. */
  readonly epoch: number | null
}

export const hasEvaluations = ({ runs, imported }: LabState) =>
  imported.length > 0 || SIDES.some((side) => (runs[side]?.epochs.length ?? 0) > 0)

/** The runs' latest scores in the order A, B, then imported files. */
export function useEvaluations(): readonly LabelledEvaluation[] {
  const a = useLatestEvaluation('a')
  const b = useLatestEvaluation('b')
  const imported = useLab((state) => state.imported)
  return useMemo(
    () => [a, b, ...imported.map(importedEvaluation)].filter((evaluation) => evaluation !== null),
    [a, b, imported],
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

export function NoEvaluation() {
  return (
    <EmptyTab title="No test results yet.">
      Runs are tested at the end of every epoch, imported weights immediately.
    </EmptyTab>
  )
}
