// Which runs this tab may train: a lock a run, and what other tabs are told of it.
import { AppError } from '../../base/app-error.ts'
import { hasEnded, type TrainEvent } from '../../contract/events.ts'
import type { Release } from '../../data/tab-lock.ts'
import type { RunStore } from './run-store.ts'

type Ports = {
  /** @throws AppError where this browser stores none */
  readonly store: () => Pick<RunStore, 'claim' | 'entry'>
  readonly emit: (event: TrainEvent) => void
  readonly tellOthers: (event: TrainEvent) => void
}

export type RunClaims = ReturnType<typeof createRunClaims>

export function createRunClaims({ store, emit, tellOthers }: Ports) {
  /** Those of the session in training here. */
  const mine = new Map<string, Release>()
  /** Those of them whose session has ended: they train no longer, though it may be extended. */
  const ended = new Set<string>()

  /** @throws AppError `run-busy` naming the run; then none of them is claimed */
  async function claim(runs: readonly string[]): Promise<void> {
    const claimed: string[] = []
    try {
      for (const run of runs) {
        const letGo = await store().claim(run)
        if (!letGo) throw await isOpenElsewhere(run)
        mine.set(run, letGo)
        claimed.push(run)
        tellOthers({ kind: 'run-elsewhere', run, elsewhere: true })
      }
    } catch (error) {
      release(claimed)
      throw error
    }
  }

  async function isOpenElsewhere(run: string): Promise<AppError> {
    if (!mine.has(run)) emit({ kind: 'run-elsewhere', run, elsewhere: true })
    const { name, changedAt } = await store().entry(run)
    return new AppError(
      'run-busy',
      `Run ${name || run} is open in another tab of this browser, which last stored it at ${timeOfDay(changedAt)}; continue there, or close that tab first.`,
    )
  }

  function release(runs: readonly string[]): void {
    for (const run of runs) {
      const letGo = mine.get(run)
      if (!letGo) continue
      mine.delete(run)
      ended.delete(run)
      letGo()
      tellOthers({ kind: 'run-elsewhere', run, elsewhere: false })
    }
  }

  return {
    claim,
    release,

    /** Notes whether a session of these runs has ended. */
    noteSession({ state, runs }: Extract<TrainEvent, { kind: 'session' }>): void {
      for (const { run } of runs) {
        if (hasEnded(state)) ended.add(run)
        else ended.delete(run)
      }
    },

    /** Does something to runs that nobody trains meanwhile. @throws AppError `run-busy` for a run in training */
    async whileIdle(runs: readonly string[], work: () => Promise<void>): Promise<void> {
      const busy = runs.find((run) => mine.has(run) && !ended.has(run))
      if (busy !== undefined) {
        throw new AppError('run-busy', `Run ${busy} is in training; stop it first.`)
      }
      const others = runs.filter((run) => !mine.has(run))
      await claim(others)
      try {
        await work()
      } finally {
        release(others)
      }
    },
  }
}

const timeOfDay = (at: number) => new Date(at).toTimeString().slice(0, 5)
