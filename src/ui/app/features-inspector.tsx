import { useCallback, useMemo } from 'react'
import { dataSetList } from '../../client/data/data-sets.ts'
import type { DataSetId } from '../../base/data-set.ts'
import { SIDES } from '../../runs/pair.ts'
import { classNamesOf } from '../inspect/class-names.ts'
import { FeaturesPanel } from '../inspect/features/features-panel.tsx'
import { SIDE_NAMES } from '../run/side-names.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'

/** The Features tab on what the lab knows. */
export function FeaturesInspector() {
  const dataSets = useLab((state) => state.dataSets)
  const ranked = useLab((state) => state.ranked)
  const ranking = useLab((state) => state.ranking)
  const failure = useLab((state) => state.failures.features)
  const isRanking = useLab((state) => state.busy.has('rank-features'))
  const saving = useLab((state) => state.busy.has('draw-features'))
  const { rankFeatures, saveFeatures, pictures, dismissFailure } = useActions()
  const ready = { a: useIsReady('a'), b: useIsReady('b') }
  return (
    <FeaturesPanel
      runs={SIDES.map((id) => ({ id, letter: SIDE_NAMES[id].letter, ready: ready[id] }))}
      ranked={useMemo(() => {
        if (!ranked) return null
        const { letter, description } = SIDE_NAMES[ranked.side]
        return { ...ranked, label: `${letter} ${description}` }
      }, [ranked])}
      progress={isRanking ? { images: ranking?.images ?? null, total: ranking?.total ?? null } : null}
      saving={saving}
      failure={failure}
      onRank={(id) => void rankFeatures(id)}
      onSave={() => void saveFeatures()}
      onDismiss={() => dismissFailure('features')}
      pictures={pictures}
      classNamesOf={useCallback((set: DataSetId) => classNamesOf(set, dataSetList({ dataSets })), [dataSets])}
    />
  )
}

/** Whether the worker holds the weights of a side's run. */
function useIsReady(side: 'a' | 'b'): boolean {
  return useLab(({ session, runs }) => {
    const run = runs[side]?.run
    return (
      session !== null && session.state !== 'preparing' && run !== undefined && session.runs.includes(run)
    )
  })
}
