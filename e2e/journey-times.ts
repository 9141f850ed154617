// Where a run of the journeys spends its time: a line for each journey, then one for each spec, the longest first.
import { basename } from 'node:path'
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter'

export default class JourneyTimes implements Reporter {
  readonly #journeys = new Map<string, number>()
  readonly #specs = new Map<string, number>()

  onTestEnd({ location, title }: TestCase, { duration }: TestResult): void {
    const spec = basename(location.file)
    add(this.#journeys, `${spec} › ${title}`, duration)
    add(this.#specs, spec, duration)
  }

  onEnd(): void {
    print('journey', this.#journeys)
    print('spec', this.#specs)
  }

  /** Lines beside those of the list. */
  printsToStdio(): boolean {
    return false
  }
}

function add(spent: Map<string, number>, name: string, ms: number): void {
  spent.set(name, (spent.get(name) ?? 0) + ms)
}

function print(title: string, spent: ReadonlyMap<string, number>): void {
  console.log(`\nTime by ${title}`)
  for (const [name, ms] of [...spent].toSorted(([, one], [, other]) => other - one)) {
    console.log(`${(ms / 1000).toFixed(1).padStart(8)} s  ${name}`)
  }
}
