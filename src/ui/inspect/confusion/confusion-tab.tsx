import type { InspectTab } from '../inspect-tab.ts'
import { hasEvaluations, NoEvaluation, useEvaluations } from '../labelled-evaluations.tsx'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { ConfusionPanel } from './confusion-panel.tsx'

export const confusionTab: InspectTab = {
  id: 'confusion',
  title: 'Confusion',
  applies: hasEvaluations,
  Panel: () => <ConfusionPanel evaluations={useEvaluations()} dataSets={useStoredDataSets()} />,
  Empty: NoEvaluation,
}
