// `npm run bench`: measures, and prints the table with its conditions.
import { AppError } from '../src/base/app-error.ts'
import { UsageError } from '../src/cli/options/usage.ts'
import { conditions, conditionsJson, describeHost, type Host } from './conditions.ts'
import { isCpuEngine } from './contender.ts'
import type { BenchEvent } from './events.ts'
import { BENCH_USAGE, type BenchOptions, parseBenchOptions } from './options.ts'
import { profileJson, profileReport } from './profile-report.ts'
import { progressLine } from './progress.ts'
import { speedJson, speedReport } from './report.ts'

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) return console.log(BENCH_USAGE)
  const options = parseBenchOptions(words)
  // Before the page is built, which is work as well.
  const start = describeHost()
  const events: BenchEvent[] = []
  const hosts: Host[] = []
  try {
    await measure(
      options,
      start,
      (event) => {
        events.push(event)
        console.error(progressLine(event))
      },
      (host) => void hosts.push(host),
    )
  } finally {
    // What was measured before a failure is worth having.
    for (const host of hosts) print(events, host, options)
  }
}

/** @param onHost told what runs the benchmark, before it does */
async function measure(
  { node, order }: BenchOptions,
  start: Host,
  emit: (event: BenchEvent) => void,
  onHost: (host: Host) => void,
): Promise<void> {
  if (node) {
    const usesGpu = !order.engines.every(isCpuEngine)
    onHost({ ...start, name: usesGpu ? `Dawn ${start.packages['webgpu']}` : null })
    const { performInNode } = await import('./in-node.ts')
    return performInNode(order, emit)
  }
  const { performInPage } = await import('./in-page.ts')
  return performInPage(order, emit, (name, flags) => onHost({ ...start, name, flags }))
}

function print(events: readonly BenchEvent[], host: Host, { order, json }: BenchOptions): void {
  const isProfile = order.measure === 'kernels'
  console.log(`${conditions(events, host)}\n\n${isProfile ? profileReport(events) : speedReport(events)}`)
  if (!json) return
  const result = isProfile ? profileJson(events) : speedJson(events)
  console.log(JSON.stringify({ ...result, conditions: conditionsJson(events, host) }))
}

try {
  await main(process.argv.slice(2))
  process.exitCode = 0
} catch (error) {
  if (error instanceof UsageError) console.error(`bench: ${error.message} (--help tells more)`)
  else console.error(error instanceof AppError ? `bench: ${error.message}` : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
