// The tabs of the Inspect zone, in their order.
import { classesTab } from './classes/classes-tab.tsx'
import { confusionTab } from './confusion/confusion-tab.tsx'
import { dataTab } from './data/data-tab.tsx'
import { featuresTab } from './features/features-tab.tsx'
import type { InspectTab } from './inspect-tab.ts'
import { layerResponsesTab } from './layer-responses/layer-responses-tab.tsx'
import { logTab } from './log/log-tab.tsx'
import { networkTab } from './network/network-tab.tsx'

export const INSPECT_TABS: readonly InspectTab[] = [
  confusionTab,
  classesTab,
  featuresTab,
  dataTab,
  networkTab,
  layerResponsesTab,
  logTab,
]
