// All that a person does with runs, in a few steps of a tiny network: a pair trained across checkpoints, a pause and a
// step, a queue of two, a name, a deletion and its undoing, an archive out and in again. Then what must be so whatever
// failed meanwhile.
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Failure, toFailure } from '../../base/app-error.ts'
import { HUNG_MS } from '../../../scripts/testing/eventually.ts'
import { type RunConfig, runConfigSchema } from '../../config/run-config.ts'
import { hasEnded, type SessionState, type TrainEvent } from '../../contract/events.ts'
import type { RunEntry } from '../../contract/run-record.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { breakEngine, breakStorage, engineRefused, createFaults, type FaultPlan, NO_FAULT } from './faults.ts'
import { freshRunLibrary } from './fresh-run-library.ts'
import { openLab, tinyConfig } from './open-lab.ts'

/** Four steps in two epochs. */
const CONFIG = runConfigSchema.parse({ ...tinyConfig(), budget: { unit: 'epoch', amount: 2 } })
const PAIR: readonly RunConfig[] = [CONFIG, { ...CONFIG, network: { ...CONFIG.network, identity: false } }]
const STEPS = 4

type Stored = Awaited<ReturnType<typeof freshRunLibrary>>
type Lab = Awaited<ReturnType<typeof openLab>>
type Digests = ReadonlyMap<string, string>

export type Outcome = {
  /** Edges that were crossed before the faults ended. */
  readonly crossed: readonly string[]
  /** Why commands, sessions and the store failed. */
  readonly failures: readonly Failure[]
  /** What is not as it must be, in sentences. */
  readonly wrong: readonly string[]
  /** By run: the bits of its state after its last step. */
  readonly digests: Digests
}

/**
 * @param engine trains all of it, and stays open
 * @param expected digests of an undisturbed scenario; null where this is it
 */
export async function wholeScenario(
  engine: Engine,
  plan: FaultPlan,
  expected: Digests | null,
): Promise<Outcome> {
  const wrong: string[] = []
  const unhandled = (reason: unknown) => void wrong.push(`a rejection is left unhandled: ${String(reason)}`)
  process.on('unhandledRejection', unhandled)
  const faults = createFaults(plan)
  const stored = await freshRunLibrary(undefined, faults.cross)
  const lab = await openLab({
    stored,
    async createEngine() {
      faults.cross('engine open', () => engineRefused(plan.engine))
      return breakEngine(engine, faults)
    },
  })
  const failures: Failure[] = []
  const digests = new Map<string, string>()
  const mend = breakStorage(faults)
  try {
    await useEverything(lab, failures, wrong)
  } catch (error) {
    wrong.push(`during the faults: ${toFailure(error).message}`)
  } finally {
    mend()
    faults.end()
  }
  try {
    await checkNextCommand(lab, stored, wrong)
    await checkStored(lab, stored, engine, { expected, wrong, digests })
  } catch (error) {
    wrong.push(`after the faults: ${toFailure(error).message}`)
  }
  for (const event of lab.events) if ('failure' in event && event.failure) failures.push(event.failure)
  for (const { message } of failures) {
    if (!/^[A-Z].*\.$/.test(message)) wrong.push(`no sentence: ${message}`)
  }
  process.off('unhandledRejection', unhandled)
  return { crossed: faults.crossed, failures, wrong, digests }
}

/** Looks at each turn of the event loop, for what takes no time but its own. */
async function until(reached: () => boolean): Promise<void> {
  const hung = performance.now() + HUNG_MS
  while (!reached()) {
    if (performance.now() > hung) throw new Error(`It has never come to ${String(reached)}`)
    await setImmediate()
  }
}

const runsOf = (session: string, configs: readonly RunConfig[]) =>
  configs.map((config, i) => ({ run: `${session}-${i}`, config }))

function stateOf({ events }: Lab, session: string): SessionState | null {
  const last = events.findLast((event) => event.kind === 'session' && event.session === session)
  return last?.kind === 'session' ? last.state : null
}

const isOver = (lab: Lab, session: string) => {
  const state = stateOf(lab, session)
  return state !== null && hasEnded(state)
}

async function useEverything(lab: Lab, failures: Failure[], wrong: string[]): Promise<void> {
  const { send, events } = lab
  /** Null where it failed. */
  async function attempt<T>(command: Promise<T>): Promise<T | { readonly failed: true }> {
    try {
      return await command
    } catch (error) {
      failures.push(toFailure(error))
      return { failed: true }
    }
  }
  const failed = (answer: unknown) => typeof answer === 'object' && answer !== null && 'failed' in answer

  if (
    !failed(
      await attempt(send({ kind: 'start', session: 'pair', runs: runsOf('pair', PAIR), paused: false })),
    )
  ) {
    await until(() => isOver(lab, 'pair'))
  }

  const session = 'paused'
  if (
    !failed(await attempt(send({ kind: 'start', session, runs: runsOf(session, [CONFIG]), paused: true })))
  ) {
    await until(() => stateOf(lab, session) === 'paused' || isOver(lab, session))
    await attempt(send({ kind: 'step', session }))
    // Where the device is lost in it, the session is paused again where it was.
    const isTaken = (event: TrainEvent) =>
      (event.kind === 'steps' || event.kind === 'rewound') && event.run === 'paused-0'
    await until(() => events.some(isTaken) || isOver(lab, session))
    await attempt(send({ kind: 'keep', session }))
    await attempt(send({ kind: 'resume', session }))
    await until(() => isOver(lab, session))
  }

  const queued = ['first', 'second']
  const sessions = queued.map((name, i) => ({
    session: name,
    runs: runsOf(name, [{ ...CONFIG, seed: i + 2 }]),
  }))
  if (!failed(await attempt(send({ kind: 'queue-add', group: 'seeds', sessions })))) {
    await until(() => {
      const queue = events.findLast((event) => event.kind === 'queue')
      return (
        queue?.state === 'held' || queued.every((name) => isOver(lab, name) || hasFailed(lab, `${name}-0`))
      )
    })
  }

  const run = 'pair-0'
  await attempt(send({ kind: 'change-run', run, name: 'A', notes: 'with identity' }))
  await attempt(send({ kind: 'delete-runs', runs: ['pair-1'] }))
  await attempt(send({ kind: 'restore-runs', runs: ['pair-1'] }))
  await attempt(send({ kind: 'load-run', run }))
  await attempt(send({ kind: 'load-curves', run }))
  await attempt(send({ kind: 'measure-storage' }))
  await lab.services.runs.open()
  const opened = events.findLast((event) => event.kind === 'runs')
  if (opened?.failure === null && opened.entries.length === 0)
    wrong.push('the page was told that there are no runs')
  await attempt(send({ kind: 'export-weights', run, naming: 'akamaster', format: 'safetensors' }))
  const archive = await attempt(send({ kind: 'export-runs', runs: [run] }))
  if ('bytes' in archive) {
    const file = new File([Uint8Array.from(archive.bytes)], archive.fileName)
    await attempt(send({ kind: 'import-runs', file, prefix: 'copy' }))
  }
}

/** As the table says: what was queued and could not begin. */
const hasFailed = ({ events }: Lab, run: string) =>
  events.some(
    (event) => event.kind === 'run-entry' && event.entry.run === run && event.entry.state === 'failed',
  )

/** Commands after the fault work, and what ended has given its locks back. */
async function checkNextCommand(lab: Lab, { name, isLocked }: Stored, wrong: string[]): Promise<void> {
  await lab.send({ kind: 'queue-hold' })
  await lab.send({ kind: 'start', session: 'next', runs: runsOf('next', [CONFIG]), paused: false })
  await until(() => isOver(lab, 'next'))
  if (stateOf(lab, 'next') !== 'finished') wrong.push(`the next session is ${stateOf(lab, 'next')}`)
  await until(() => toldEntries(lab).get('next-0')?.state === 'finished')
  for (const { run } of await lab.services.runs.entries()) {
    if (run !== 'next-0' && (await isLocked(`${name}/${run}`))) wrong.push(`the lock of ${run} is held`)
  }
  if (await isLocked(`${name} queue`)) wrong.push('the lock of the queue is held')
}

/** Of each run, what the page was told last. */
function toldEntries({ events }: Lab): Map<string, RunEntry> {
  return new Map(
    events.flatMap((event) => (event.kind === 'run-entry' ? [[event.entry.run, event.entry]] : [])),
  )
}

/** A lab that is opened after it reads every run as the page was told of it, and each goes on to the same bits. */
async function checkStored(
  before: Lab,
  stored: Stored,
  engine: Engine,
  { expected, wrong, digests }: { expected: Digests | null; wrong: string[]; digests: Map<string, string> },
): Promise<void> {
  stored.endTabs()
  const quiet = createFaults(NO_FAULT)
  const lab = await openLab({ stored, createEngine: async () => breakEngine(engine, quiet) })
  const { runs } = lab.services
  const entries = new Map((await runs.entries()).map((entry) => [entry.run, entry]))
  for (const [run, told] of toldEntries(before)) {
    if (!isDeepStrictEqual(entries.get(run), told)) wrong.push(`${run} is not stored as the page was told`)
  }
  for (const [run, { steps }] of entries) {
    const { steps: columns } = await runs.load(run)
    if (columns.loss.length < steps) wrong.push(`${run} has ${columns.loss.length} losses of ${steps} steps`)
    if (steps < STEPS) {
      const session = `again-${run}`
      await lab.send({ kind: 'resume-runs', session, runs: [run], paused: false, epochs: 0 })
      await until(() => isOver(lab, session))
      await until(() => toldEntries(lab).get(run)?.state === 'finished')
    }
    const checkpoint = await runs.checkpoint(run)
    digests.set(run, digestOf(checkpoint))
    const undisturbed = expected?.get(run)
    if (expected && digests.get(run) !== undisturbed) wrong.push(`${run} has ended with other bits`)
  }
}

/** Of all that training changes, and the metrics of every step and epoch. */
function digestOf({ state, points, epochs }: Checkpoint): string {
  const hash = createHash('sha256')
  const bits = (_name: string, value: unknown) =>
    value instanceof Float32Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
      : value
  hash.update(JSON.stringify({ state, points, epochs }, bits))
  return hash.digest('hex')
}
