// Which slots of the device's metrics hold steps that nobody has read yet. The slots are used in a circle.

export const METRICS_SLOTS = 4096
/** Loss and correct count, two floats. */
export const METRICS_SLOT_BYTES = 8

type SlotRange = { readonly first: number; readonly count: number }

export type MetricsRing = {
  /** The slot of the next step. @throws Error where every slot holds an unread step */
  take(): number
  /** The slots of the steps since the last call, in the order of the steps: one range, or two where the circle closes. */
  release(): SlotRange[]
}

export function createMetricsRing(slots = METRICS_SLOTS): MetricsRing {
  let first = 0
  let count = 0
  return {
    take() {
      if (count === slots) throw new Error(`${slots} steps were taken without a drain, and no more fit`)
      return (first + count++) % slots
    },
    release() {
      const beforeEnd = Math.min(count, slots - first)
      const ranges = [
        { first, count: beforeEnd },
        { first: 0, count: count - beforeEnd },
      ]
      first = (first + count) % slots
      count = 0
      return ranges.filter((range) => range.count > 0)
    },
  }
}
