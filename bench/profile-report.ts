// The kernels of a step, those of one label together, the costliest first.
import type { KernelShare } from '../src/contract/kernel-share.ts'
import { kernelShares } from '../src/engine/kernel-shares.ts'
import type { BenchEvent } from './events.ts'
import { eventsOf } from './tally.ts'
import { formatNumber, textTable } from './text-table.ts'

const HEADINGS = ['', 'count', 'ms', 'share', 'GFLOP/s', 'GB/s']

/** A table for each network. */
export function profileReport(events: readonly BenchEvent[]): string {
  const batch = eventsOf(events, 'machine')[0]?.batch
  const [peak] = eventsOf(events, 'peak')
  const limit = peak ? `; multiply-add alone reaches ${formatNumber(peak.gigaflopsPerSecond)} GFLOP/s` : ''
  return eventsOf(events, 'profiled')
    .map(({ network, kernels }) => {
      const sum = formatNumber(kernels.reduce((all, { milliseconds }) => all + milliseconds, 0))
      const heading = `${network}, batch ${batch}: ${kernels.length} kernels, ${sum} ms in them${limit}`
      return `${heading}\n${textTable([HEADINGS, ...kernelShares(kernels).map(rowOf)])}`
    })
    .join('\n\n')
}

export function profileJson(events: readonly BenchEvent[]) {
  const [machine] = eventsOf(events, 'machine')
  return {
    adapter: machine?.adapter ?? null,
    peakGigaflopsPerSecond: eventsOf(events, 'peak')[0]?.gigaflopsPerSecond ?? null,
    profiles: eventsOf(events, 'profiled').map(({ network, kernels }) => ({
      net: network,
      batch: machine?.batch ?? null,
      kernels: kernelShares(kernels),
    })),
  }
}

function rowOf(kernel: KernelShare): string[] {
  return [
    kernel.label,
    String(kernel.count),
    formatNumber(kernel.milliseconds),
    `${(100 * kernel.share).toFixed(1)} %`,
    formatNumber(kernel.gigaflopsPerSecond),
    formatNumber(kernel.gigabytesPerSecond),
  ]
}
