// Ends a run of tests with the seconds of each file, slowest first, so that a log says where its time went.
import type { Reporter, TestModule } from 'vitest/node'

const ROOT = process.cwd()
/** The others take no time that anybody would look for. */
const MOST_FILES = 25

export default class FileTimesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules
      .map((module) => ({ file: module.moduleId.replace(`${ROOT}/`, ''), ...timesOf(module) }))
      .toSorted((a, b) => b.total - a.total)
      .slice(0, MOST_FILES)
      .map(({ file, total, setup }) => `${seconds(total)} (${seconds(setup)} before its tests)  ${file}`)
    console.log(`\nSeconds by file, slowest first:\n${lines.join('\n')}`)
  }
}

function timesOf(module: TestModule): { total: number; setup: number } {
  const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } =
    module.diagnostic()
  const setup = environmentSetupDuration + prepareDuration + collectDuration + setupDuration
  return { total: setup + duration, setup }
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1).padStart(6)
