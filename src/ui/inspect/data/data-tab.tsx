import { useActions, useLab } from '../../foundation/lab-context.tsx'
import type { InspectTab } from '../inspect-tab.ts'
import { useStoredDataSets } from '../use-stored-data-sets.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'

const DataBrowser = lazyPart(async () => (await import('./data-browser.tsx')).DataBrowser)

export const dataTab: InspectTab = {
  id: 'data',
  title: 'Data',
  applies: () => true,
  Panel: function DataPanel() {
    const preferred = useLab((state) => state.setup.data.set)
    return <DataBrowser dataSets={useStoredDataSets()} preferred={preferred} browse={useActions().browse} />
  },
}
