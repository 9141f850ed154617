import type { InspectTab } from '../inspect-tab.ts'
import { hasEvaluations, NoEvaluation, useEvaluations } from '../labelled-evaluations.tsx'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'

const ClassesPanel = lazyPart(async () => (await import('./classes-panel.tsx')).ClassesPanel)

export const classesTab: InspectTab = {
  id: 'classes',
  title: 'Classes',
  applies: hasEvaluations,
  Panel: () => <ClassesPanel evaluations={useEvaluations()} dataSets={useStoredDataSets()} />,
  Empty: NoEvaluation,
}
