import { useLab } from '../../foundation/lab-context.tsx'
import type { InspectTab } from '../inspect-tab.ts'
import { NetworkPanel } from './network-panel.tsx'

export const networkTab: InspectTab = {
  id: 'network',
  title: 'Network',
  applies: () => true,
  Panel: () => <NetworkPanel config={useLab((state) => state.setup)} />,
}
