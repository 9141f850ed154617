import type { InspectTab } from '../inspect-tab.ts'
import { hasEvaluations, NoEvaluation, useEvaluations } from '../labelled-evaluations.tsx'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { ClassesPanel } from './classes-panel.tsx'

export const classesTab: InspectTab = {
  id: 'classes',
  title: 'Classes',
  applies: hasEvaluations,
  Panel: () => <ClassesPanel evaluations={useEvaluations()} dataSets={useStoredDataSets()} />,
  Empty: NoEvaluation,
}
