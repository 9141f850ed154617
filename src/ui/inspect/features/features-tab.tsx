import { useCallback, useMemo } from 'react'
import type { DataSetId } from '../../../base/data-set.ts'
import { SIDES, type Side } from '../../../runs/pair.ts'
import { useActions, useLab } from '../../foundation/lab-context.tsx'
import { SIDE_NAMES } from '../../foundation/side-names.ts'
import { classNamesOf } from '../class-names.ts'
import type { InspectTab } from '../inspect-tab.ts'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'

const FeaturesPanel = lazyPart(async () => (await import('./features-panel.tsx')).FeaturesPanel)

export const featuresTab: InspectTab = {
  id: 'features',
  title: 'Features',
  applies: () => true,
  Panel: Features,
}

function Features() {
  const dataSets = useStoredDataSets()
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
      classNamesOf={useCallback((set: DataSetId) => classNamesOf(set, dataSets), [dataSets])}
    />
  )
}

/** Whether the worker holds the weights of a side's run. */
function useIsReady(side: Side): boolean {
  return useLab(({ session, runs }) => {
    const run = runs[side]?.run
    return (
      session !== null && session.state !== 'preparing' && run !== undefined && session.runs.includes(run)
    )
  })
}
