import type { KernelShare } from '../contract/kernel-share.ts'
import type { KernelTime } from './engine.ts'

const GIGA = 1e9

/** The kernels of a step, those of one label together, the costliest first. */
export function kernelShares(kernels: readonly KernelTime[]): KernelShare[] {
  const stepMs = total(kernels, 'milliseconds')
  return [...new Set(kernels.map(({ label }) => label))]
    .map((label) => {
      const group = kernels.filter((kernel) => kernel.label === label)
      const milliseconds = total(group, 'milliseconds')
      return {
        label,
        count: group.length,
        milliseconds,
        gigaflopsPerSecond: rate(total(group, 'flops'), milliseconds),
        gigabytesPerSecond: rate(total(group, 'bytes'), milliseconds),
        share: stepMs === 0 ? 0 : milliseconds / stepMs,
      }
    })
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
}

function total(kernels: readonly KernelTime[], field: 'milliseconds' | 'flops' | 'bytes'): number {
  return kernels.reduce((sum, kernel) => sum + kernel[field], 0)
}

/** In 10⁹ a second; 0 for what took no measurable time. */
function rate(amount: number, milliseconds: number): number {
  return milliseconds === 0 ? 0 : (1000 * amount) / milliseconds / GIGA
}
