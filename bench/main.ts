// `npm run bench`: measures, and prints the table with its conditions.
import { AppError } from '../src/contract/app-error.ts'
import { UsageError } from '../src/cli/usage.ts'
import { conditions, createHost, type Host, packageVersions } from './conditions.ts'
import type { BenchEvent } from './events.ts'
import { BENCH_USAGE, type BenchOptions, parseBenchOptions } from './options.ts'
import { profileJson, profileReport } from './profile-report.ts'
import { progressLine } from './progress.ts'
import { speedJson, speedReport } from './report.ts'

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) return console.log(BENCH_USAGE)
  const options = parseBenchOptions(words)
  const events: BenchEvent[] = []
  const hosts: Host[] = []
  try {
    await measure(
      options,
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
  emit: (event: BenchEvent) => void,
  onHost: (host: Host) => void,
): Promise<void> {
  if (node) {
    onHost(createHost(`Dawn ${packageVersions()['webgpu']}`, []))
    const { performInNode } = await import('./in-node.ts')
    return performInNode(order, emit)
  }
  const { performInPage } = await import('./in-page.ts')
  return performInPage(order, emit, (name, flags) => onHost(createHost(name, flags)))
}

function print(events: readonly BenchEvent[], host: Host, { order, json }: BenchOptions): void {
  const isProfile = order.measure === 'kernels'
  console.log(`${conditions(events, host)}\n\n${isProfile ? profileReport(events) : speedReport(events)}`)
  if (json) console.log(JSON.stringify(isProfile ? profileJson(events) : speedJson(events)))
}

try {
  await main(process.argv.slice(2))
  process.exitCode = 0
} catch (error) {
  if (error instanceof UsageError) console.error(`bench: ${error.message} (--help tells more)`)
  else console.error(error instanceof AppError ? `bench: ${error.message}` : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
