// Under what the numbers were taken: a published number carries its conditions.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { z } from 'zod'
import type { BenchEvent } from './events.ts'
import { eventsOf } from './tally.ts'

/** What runs the benchmark, as it was when that began. */
export type Host = {
  /** The browser, or Dawn; null for Node alone. */
  readonly name: string | null
  /** The browser's. */
  readonly flags: readonly string[]
  readonly node: string
  readonly packages: Readonly<Record<string, string>>
  readonly processor: string
  readonly cores: number
  /** Of the last minute. */
  readonly load: number
  readonly commit: string
  readonly begun: Date
}

export function describeHost(): Host {
  return {
    name: null,
    flags: [],
    node: process.versions.node,
    packages: packageVersions(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    load: loadavg()[0] ?? 0,
    commit: commit(),
    begun: new Date(),
  }
}

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})

const PACKAGES_TOLD = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-backend-wasm',
  '@jax-js/jax',
  'webgpu',
]

/** The versions of the packages are pinned exactly, so package.json tells them. */
function packageVersions(): Record<string, string> {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { dependencies, devDependencies } = manifestSchema.parse(JSON.parse(text))
  const all = { ...dependencies, ...devDependencies }
  return Object.fromEntries(PACKAGES_TOLD.map((name) => [name, all[name] ?? 'absent']))
}

/** One condition a line. */
export function conditions(events: readonly BenchEvent[], host: Host): string {
  const [machine] = eventsOf(events, 'machine')
  const adapter = machine?.adapter ?? null
  const opened = eventsOf(events, 'opened').filter((event) => event.adapter !== adapter)
  const versions = Object.entries(host.packages).map(([name, version]) => `${name} ${version}`)
  return [
    ...(adapter === null && machine ? [] : adapterLines(machine)),
    ...(machine?.threads ? [`threads   ${machine.threads}, for the engines that can have several here`] : []),
    ...opened.map((event, i) => `${i === 0 ? 'engines' : '       '}   ${event.engine}: ${event.adapter}`),
    `host      ${host.name ? `${host.name}, ` : ''}Node ${host.node}${isolation(machine)}`,
    ...(host.flags.length > 0 ? [`flags     ${host.flags.join(' ')}`] : []),
    `packages  ${versions.join(', ')}`,
    `machine   ${host.processor}, ${host.cores} cores, load ${host.load.toFixed(1)} at the start`,
    `commit    ${host.commit}, ${host.begun.toISOString().slice(0, 16)}Z`,
  ].join('\n')
}

type Machine = ReturnType<typeof eventsOf<'machine'>>[number]

function adapterLines(machine: Machine | undefined): string[] {
  const limits = Object.entries(machine?.limits ?? {}).map(([name, value]) => `${name} ${value}`)
  return [
    `adapter   ${machine?.adapter ?? 'none'}`,
    `limits    ${limits.join(', ')}`,
    `features  ${machine?.features.join(', ') ?? ''}`,
  ]
}

function isolation(machine: Machine | undefined): string {
  if (!machine || machine.crossOriginIsolated === null) return ''
  return machine.crossOriginIsolated ? ', cross-origin isolated' : ', not cross-origin isolated'
}

/** The same for programs. */
export function conditionsJson(events: readonly BenchEvent[], { name, begun, ...host }: Host) {
  const [machine] = eventsOf(events, 'machine')
  return {
    runsIn: name ?? 'Node',
    ...host,
    begun: begun.toISOString(),
    threads: machine?.threads ?? null,
    crossOriginIsolated: machine?.crossOriginIsolated ?? null,
    adapters: Object.fromEntries(eventsOf(events, 'opened').map(({ engine, adapter }) => [engine, adapter])),
  }
}

function commit(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim()
    const hash = git('rev-parse', '--short=12', 'HEAD')
    return git('status', '--porcelain') === '' ? hash : `${hash} with uncommitted changes`
  } catch {
    return 'unknown'
  }
}
