import { useActions, useLab } from '../../foundation/lab-context.tsx'
import type { InspectTab } from '../inspect-tab.ts'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { DataBrowser } from './data-browser.tsx'

export const dataTab: InspectTab = {
  id: 'data',
  title: 'Data',
  applies: () => true,
  Panel: function DataPanel() {
    const preferred = useLab((state) => state.setup.data.set)
    return <DataBrowser dataSets={useStoredDataSets()} preferred={preferred} browse={useActions().browse} />
  },
}
