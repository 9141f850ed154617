// Under what the figures were taken: a published number carries its conditions.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { z } from 'zod'
import type { BenchEvent } from './events.ts'
import { eventsOf } from './tally.ts'

/** What runs the benchmark, as it was when that began. */
export type Host = {
  /** The browser, or Dawn. */
  readonly name: string
  /** The browser's. */
  readonly flags: readonly string[]
  readonly commit: string
  /** Of the last minute. */
  readonly load: number
  readonly begun: Date
}

export function createHost(name: string, flags: readonly string[]): Host {
  return { name, flags, commit: commit(), load: loadavg()[0] ?? 0, begun: new Date() }
}

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})

const PACKAGES_TOLD = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu', '@jax-js/jax', 'webgpu']

/** The versions of the packages are pinned exactly, so package.json tells them. */
export function packageVersions(): Record<string, string> {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { dependencies, devDependencies } = manifestSchema.parse(JSON.parse(text))
  const all = { ...dependencies, ...devDependencies }
  return Object.fromEntries(PACKAGES_TOLD.map((name) => [name, all[name] ?? 'absent']))
}

/** One condition a line. */
export function conditions(events: readonly BenchEvent[], host: Host): string {
  const [machine] = eventsOf(events, 'machine')
  const adapters = eventsOf(events, 'opened').filter(({ adapter }) => adapter !== machine?.adapter)
  const versions = Object.entries(packageVersions()).map(([name, version]) => `${name} ${version}`)
  return [
    `adapter   ${machine?.adapter ?? 'none'}`,
    ...adapters.map(({ engine, adapter }) => `          ${engine}: ${adapter}`),
    `limits    ${Object.entries(machine?.limits ?? {})
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `features  ${machine?.features.join(', ')}`,
    `host      ${host.name}, Node ${process.versions.node}`,
    ...(host.flags.length > 0 ? [`flags     ${host.flags.join(' ')}`] : []),
    `packages  ${versions.join(', ')}`,
    `machine   ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, load ${host.load.toFixed(1)}`,
    `commit    ${host.commit}, ${host.begun.toISOString().slice(0, 16)}Z`,
  ].join('\n')
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
