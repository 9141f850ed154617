import type { InspectTab } from '../inspect-tab.ts'
import { hasEvaluations, NoEvaluation, useEvaluations } from '../labelled-evaluations.tsx'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'

const ConfusionPanel = lazyPart(async () => (await import('./confusion-panel.tsx')).ConfusionPanel)

export const confusionTab: InspectTab = {
  id: 'confusion',
  title: 'Confusion',
  applies: hasEvaluations,
  Panel: () => <ConfusionPanel evaluations={useEvaluations()} dataSets={useStoredDataSets()} />,
  Empty: NoEvaluation,
}
