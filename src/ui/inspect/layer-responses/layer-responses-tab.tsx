import type { LabState } from '../../../client/lab-store.ts'
import { SIDES } from '../../../runs/pair.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'
import type { InspectTab } from '../inspect-tab.ts'
import { NoWeights } from './no-weights.tsx'

const LayerResponses = lazyPart(async () => (await import('./layer-responses.tsx')).LayerResponses)

export const layerResponsesTab: InspectTab = {
  id: 'layer-responses',
  title: 'Layer responses',
  applies: hasWeights,
  Panel: LayerResponses,
  Empty: NoWeights,
}

function hasWeights({ session, runs }: LabState): boolean {
  return session !== null && session.state !== 'preparing' && SIDES.some((side) => runs[side] !== null)
}
