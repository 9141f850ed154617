// What the quick start's pairs come to, over seeds, by the CPU engine: docs/first-minute.md. A run that is in OUT is not
// trained again, so this can be stopped with Ctrl-C and started again.
// Run: npx tsx scripts/evidence/first-minute.ts OUT [EXPERIMENT ...]
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { openImageSource } from '../../src/cli/image-source.ts'
import { nodeCpuHost } from '../../src/cli/device/node-cpu-host.ts'
import { trainInTerminal } from '../../src/cli/commands/train-in-terminal.ts'
import { exitCodeOf, openTerminal } from '../../src/cli/terminal.ts'
import { MEASURED_EXPERIMENTS } from '../../src/client/setup/quick-start.ts'
import type { RunConfig } from '../../src/config/run-config.ts'
import { createEngine } from '../../src/engine/create-engine.ts'
import { createEngineSupply } from '../../src/engine/engine-supply.ts'
import { markdownTable } from '../../src/runs/markdown-table.ts'
import { canonicalText, configOf, type Side, SIDES } from '../../src/runs/pair.ts'
import { meanAndSd, pairedTest } from '../../src/runs/statistics/statistics.ts'

const SEEDS = [1, 2, 3, 4, 5]

const resultSchema = z.object({
  /** Of the test images, after each epoch. */
  accuracies: z.array(z.number()),
  testImages: z.number(),
  seconds: z.number(),
  adapter: z.string(),
  /** Processes that wanted a core in the minute before, and when it had ended. */
  load: z.tuple([z.number(), z.number()]),
})
type Result = z.infer<typeof resultSchema>

const [out, ...names] = process.argv.slice(2)
if (out === undefined) throw new Error('give a folder for the results')
const unknown = names.filter((name) => !(name in MEASURED_EXPERIMENTS))
if (unknown.length > 0) throw new Error(`no experiment is called ${unknown.join(' or ')}`)

const experiments = Object.entries(MEASURED_EXPERIMENTS).filter(
  ([name]) => names.length === 0 || names.includes(name),
)
const source = await openImageSource('builtin')
const { signals } = openTerminal()
const failures = { listener: (error: Error) => console.error(error.message) }
const engines = createEngineSupply({
  create: (onFailure) =>
    createEngine({
      engine: 'cpu',
      cpu: { host: nodeCpuHost, threads: availableParallelism() },
      onFailure,
    }),
  onOpened: ({ info }) => console.error(info.adapter),
  onRefused: () => undefined,
  onFailure: (error) => failures.listener(error),
})
await mkdir(out, { recursive: true })
for (const [name, { setup }] of experiments) console.log(await report(name, setup, out))
engines.dispose()

async function report(name: string, setup: RunConfig, folder: string): Promise<string> {
  const pairs: Record<Side, Result>[] = []
  for (const seed of SEEDS) {
    const [a, b] = [
      await resultOf(configOf('a', { ...setup, seed }), folder, `${name}-a-seed${seed}`),
      await resultOf(configOf('b', { ...setup, seed }), folder, `${name}-b-seed${seed}`),
    ]
    pairs.push({ a, b })
  }
  return `### ${name}\n\n${table(pairs)}\n${verdict(pairs)} Of set-up ${digestOf(setup)}.\n`
}

/** A result of another config by the same name is void. */
async function resultOf(config: RunConfig, folder: string, name: string): Promise<Result> {
  const path = join(folder, `${name}.json`)
  const key = canonicalText(config)
  const stored = await readFile(path, 'utf8').then(JSON.parse, () => null)
  if (stored?.key === key) return resultSchema.parse(stored)
  const result = await train(config)
  await writeFile(path, JSON.stringify({ key, ...result }))
  console.error(`${name}: ${result.accuracies.map(percent).join(', ')}; ${result.seconds.toFixed(1)} s`)
  return result
}

async function train(config: RunConfig): Promise<Result> {
  const before = loadavg()[0] ?? 0
  const trained = await trainInTerminal({
    config,
    from: null,
    source,
    engines,
    failures,
    signals,
    keep: async () => undefined,
    onEvent: () => undefined,
  })
  if (trained.interrupted !== null) process.exit(exitCodeOf(trained.interrupted))
  if (trained.failure) throw new Error(trained.failure.message)
  const { epochs } = trained.checkpoint
  return {
    accuracies: epochs.map(({ test }) => test.accuracy),
    testImages: epochs.at(-1)?.test.total ?? 0,
    seconds: trained.seconds,
    adapter: (await engines.get()).info.adapter,
    load: [before, loadavg()[0] ?? 0],
  }
}

function table(pairs: readonly Record<Side, Result>[]): string {
  const rows = pairs.map(({ a, b }, i) => [
    `${SEEDS[i]}`,
    ...SIDES.map((side) => percent(accuracyOf({ a, b }[side]))),
    points(100 * (accuracyOf(a) - accuracyOf(b))),
    a.seconds.toFixed(1),
    b.seconds.toFixed(1),
  ])
  const means = SIDES.map((side) => meanAndSd(pairs.map((pair) => 100 * accuracyOf(pair[side]))))
  rows.push([
    'mean ± sd',
    ...means.map(({ mean, sd }) => `${mean.toFixed(1)} ± ${(sd ?? 0).toFixed(1)} %`),
    '',
    '',
    '',
  ])
  const columns = ['seed', 'A with identity', 'B without', 'A − B, points', 'seconds of A', 'of B']
  return markdownTable(columns, rows)
}

function verdict(pairs: readonly Record<Side, Result>[]): string {
  const paired = pairedTest(pairs.map(({ a, b }) => [100 * accuracyOf(b), 100 * accuracyOf(a)]))
  const ahead = pairs.filter(({ a, b }) => accuracyOf(a) > accuracyOf(b)).length
  const loads = pairs.flatMap(({ a, b }) => [...a.load, ...b.load])
  const interval = paired
    ? `${points(paired.difference)} points (95 % interval ${paired.interval.map(points).join(' to ')}, paired by seed, n = ${paired.n})`
    : 'the same in all seeds'
  return (
    `A − B: ${interval}; A is above B in ${ahead} of ${pairs.length} seeds. ` +
    `${pairs[0]?.a.testImages} test images; ${pairs[0]?.a.adapter}; Node ${process.versions.node}; ` +
    `${cpus()[0]?.model}; load ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`
  )
}

/** Of all but the seed, so that a table of another set-up is noticed. */
function digestOf(setup: RunConfig): string {
  const text = canonicalText({ ...setup, seed: 0 })
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function accuracyOf({ accuracies }: Result): number {
  return accuracies.at(-1) ?? Number.NaN
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function points(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(1)}`
}
