import { useLab } from '../../foundation/lab-context.tsx'
import type { InspectTab } from '../inspect-tab.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'

const NetworkPanel = lazyPart(async () => (await import('./network-panel.tsx')).NetworkPanel)

export const networkTab: InspectTab = {
  id: 'network',
  title: 'Network',
  applies: () => true,
  Panel: () => <NetworkPanel config={useLab((state) => state.setup)} />,
}
