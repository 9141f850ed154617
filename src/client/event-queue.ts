// Metrics arrive as fast as a network trains; the page redraws at the pace of a reader.
import type { TrainEvent } from '../contract/events.ts'

/** The page redraws for metrics at most once in this time. */
const READER_MS = 250

/** Collects events and hands them over in order: at once where a person waits for it, otherwise within `READER_MS`. */
export function createEventQueue(apply: (events: readonly TrainEvent[]) => void) {
  let waiting: TrainEvent[] = []
  let timer: ReturnType<typeof setTimeout> | null = null

  function flush(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const events = waiting
    waiting = []
    apply(events)
  }

  return {
    push(event: TrainEvent): void {
      if (!joined(event, waiting)) waiting.push(event)
      if (isUrgent(event)) flush()
      else timer ??= setTimeout(flush, READER_MS)
    },
  }
}

/** Adds a run's steps to those of it that wait, so that its series is copied once for all of them. */
function joined(event: TrainEvent, waiting: readonly TrainEvent[]): boolean {
  if (event.kind !== 'steps') return false
  const earlier = waiting.find((other) => other.kind === 'steps' && other.run === event.run)
  if (earlier?.kind !== 'steps') return false
  earlier.points.push(...event.points)
  return true
}

/** A small network trains and is evaluated many times a second, and nobody waits for each of these changes. */
function isUrgent(event: TrainEvent): boolean {
  if (event.kind === 'session') return event.state !== 'running' && event.state !== 'evaluating'
  return event.kind === 'device' || event.kind === 'device-failed' || event.kind === 'worker-failed'
}
