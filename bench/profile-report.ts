// The kernels of a step, those of one label together, the costliest first.
import type { KernelTime } from '../src/engine/engine.ts'
import type { BenchEvent } from './events.ts'
import { eventsOf } from './tally.ts'
import { figure, textTable } from './text-table.ts'

export type KernelShare = {
  readonly label: string
  readonly count: number
  /** Of all of them. */
  readonly milliseconds: number
  readonly gigaflopsPerSecond: number
  readonly gigabytesPerSecond: number
  /** Of the time of all kernels of the step. */
  readonly share: number
}

const GIGA = 1e9
const HEADINGS = ['', 'count', 'ms', 'share', 'GFLOP/s', 'GB/s']

export function kernelShares(kernels: readonly KernelTime[]): KernelShare[] {
  const totalMs = total(kernels, 'milliseconds')
  return [...new Set(kernels.map(({ label }) => label))]
    .map((label) => {
      const group = kernels.filter((kernel) => kernel.label === label)
      const milliseconds = total(group, 'milliseconds')
      const seconds = milliseconds / 1000
      return {
        label,
        count: group.length,
        milliseconds,
        gigaflopsPerSecond: rate(total(group, 'flops'), seconds),
        gigabytesPerSecond: rate(total(group, 'bytes'), seconds),
        share: totalMs === 0 ? 0 : milliseconds / totalMs,
      }
    })
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
}

/** A table for each network. */
export function profileReport(events: readonly BenchEvent[]): string {
  const batch = eventsOf(events, 'machine')[0]?.batch
  return eventsOf(events, 'profiled')
    .map(({ network, kernels }) => {
      const sum = figure(total(kernels, 'milliseconds'))
      const heading = `${network}, batch ${batch}: ${kernels.length} dispatches, ${sum} ms in kernels`
      return `${heading}\n${textTable([HEADINGS, ...kernelShares(kernels).map(rowOf)])}`
    })
    .join('\n\n')
}

export function profileJson(events: readonly BenchEvent[]) {
  const [machine] = eventsOf(events, 'machine')
  return {
    adapter: machine?.adapter ?? null,
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
    figure(kernel.milliseconds),
    `${(100 * kernel.share).toFixed(1)} %`,
    figure(kernel.gigaflopsPerSecond),
    figure(kernel.gigabytesPerSecond),
  ]
}

function total(kernels: readonly KernelTime[], field: 'milliseconds' | 'flops' | 'bytes'): number {
  return kernels.reduce((sum, kernel) => sum + kernel[field], 0)
}

/** 0 for what took no measurable time. */
function rate(amount: number, seconds: number): number {
  return seconds === 0 ? 0 : amount / seconds / GIGA
}
