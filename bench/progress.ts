import type { BenchEvent } from './events.ts'
import { formatNumber } from './text-table.ts'
import { formatThreads } from './thread-count.ts'

/** What has just happened, in a line. */
export function progressLine(event: BenchEvent): string {
  switch (event.kind) {
    case 'machine':
      return [
        event.adapter ?? 'CPU',
        ...(event.threads ? [formatThreads(event.threads)] : []),
        `batch ${event.batch}`,
      ].join(', ')
    case 'opened':
      return `${event.engine} opened ${event.adapter}`
    case 'ready':
      return `${event.network}  ${event.engine}  ready after ${formatNumber(event.milliseconds / 1000)} s`
    case 'turn': {
      const stepMs = event.milliseconds / event.steps
      return `${event.network}  ${event.engine}  round ${event.round + 1}: ${formatNumber(stepMs)} ms a step, ${event.steps} timed`
    }
    case 'failed':
      return `${event.network}  ${event.engine}  failed: ${event.reason}`
    case 'peak':
      return `multiply-add alone: ${formatNumber(event.gigaflopsPerSecond)} GFLOP/s`
    case 'profiled':
      return `${event.network}  ${event.kernels.length} kernels profiled`
    default:
      return event satisfies never
  }
}
