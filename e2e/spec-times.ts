// Where a run of the journeys spends its time: a line for each spec, the longest first.
import { basename } from 'node:path'
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

export default class SpecTimes implements Reporter {
  readonly #spent = new Map<string, number>()

  onTestEnd({ location }: TestCase, { duration }: TestResult): void {
    const spec = basename(location.file)
    this.#spent.set(spec, (this.#spent.get(spec) ?? 0) + duration)
  }

  onEnd(): void {
    const specs = [...this.#spent].toSorted(([, one], [, other]) => other - one)
    for (const [spec, ms] of specs) console.log(`${(ms / 1000).toFixed(1).padStart(8)} s  ${spec}`)
  }

  /** Lines beside those of the list. */
  printsToStdio(): boolean {
    return false
  }
}
