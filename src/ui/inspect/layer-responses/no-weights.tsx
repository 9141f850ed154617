import { EmptyTab } from '../empty-tab.tsx'

export function NoWeights() {
  return (
    <EmptyTab title="No weights yet.">Train a run to see how strongly each of its layers responds.</EmptyTab>
  )
}
