// The queue: begins the next session when the one in training has ended, in one tab at a time. Which sessions wait, and
// in which order, is in the store; here is only whether the queue goes on.
import { AppError, type Failure, toFailure } from '../base/app-error.ts'
import type { CommandOf } from '../contract/commands.ts'
import type { QueueState, TrainEvent } from '../contract/events.ts'
import type { Release } from '../data/tab-lock.ts'
import { lastPlace, placesAfterMove, type QueuedSession, queueOf } from '../runs/queue-order.ts'
import type { RunLibrary } from './run-library.ts'

type Ports = {
  readonly runs: Pick<
    RunLibrary,
    'entries' | 'enqueue' | 'change' | 'changeIdle' | 'claimQueue' | 'tellOthers'
  >
  /** Whether a session is in training or paused. */
  readonly isBusy: () => boolean
  /** Begins a session, unless another was begun meanwhile. @throws AppError why it cannot begin */
  readonly begin: (queued: QueuedSession) => Promise<void>
  readonly emit: (event: TrainEvent) => void
  readonly now: () => number
}

export type Queue = ReturnType<typeof createQueue>

export function createQueue({ runs, isBusy, begin, emit, now }: Ports) {
  let state: QueueState = 'going'
  /** This tab works on the queue; null where nothing waits, where it is held, or where another tab does. */
  let release: Release | null = null
  let turn: Promise<unknown> = Promise.resolve()

  /** What is done to the queue is done one after another. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  function enter(next: QueueState, failure: Failure | null = null): void {
    state = next
    emit({ kind: 'queue', state, failure })
  }

  async function take(): Promise<boolean> {
    if (release) return true
    release = await runs.claimQueue()
    if (release) runs.tellOthers({ kind: 'queue', state: 'elsewhere', failure: null })
    else enter('elsewhere')
    return release !== null
  }

  async function isFree(): Promise<boolean> {
    const free = await runs.claimQueue()
    free?.()
    return free !== null
  }

  function give(next: 'going' | 'held', failure: Failure | null = null): void {
    if (release) {
      release()
      release = null
      runs.tellOthers({ kind: 'queue', state: next, failure: null })
    }
    enter(next, failure)
  }

  const read = async (): Promise<QueuedSession[]> => queueOf(await runs.entries())

  /** @param obstacle why none should begin */
  async function beginNext(obstacle: Failure | null): Promise<void> {
    if (state !== 'going' || isBusy()) return
    const queue = await read()
    if (queue.length === 0) {
      if (release) give('going')
      return
    }
    if (obstacle) return give('held', obstacle)
    if (!(await take())) return
    for (const queued of queue) {
      if (isBusy() || (await hasBegun(queued))) return
    }
    if (release && (await read()).length === 0) give('going')
  }

  /** False where the next one's turn has come: this one is in training in another tab, or cannot be trained. */
  async function hasBegun(queued: QueuedSession): Promise<boolean> {
    try {
      await begin(queued)
      return true
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code !== 'run-busy') {
        await runs.change(
          queued.runs.map(({ run }) => run),
          (entry) => ({ ...entry, state: 'failed', failure, place: null }),
        )
      }
      return false
    }
  }

  /** Where the store cannot be read or written, the queue is held. */
  function goOn(obstacle: Failure | null = null): Promise<void> {
    return inTurn(() => beginNext(obstacle)).catch((error: unknown) => give('held', toFailure(error)))
  }

  return {
    /** Opening a page begins no training: what waits from before is held. */
    async open(): Promise<void> {
      if ((await read().catch(() => [])).length === 0) return
      enter((await isFree()) ? 'held' : 'elsewhere')
    },

    async add(command: CommandOf<'queue-add'>): Promise<void> {
      await inTurn(async () => {
        const place = lastPlace(await read())
        await runs.enqueue(command, place)
        if (state === 'elsewhere' && (await isFree())) enter('held')
      })
      await goOn()
    },

    move: ({ session, before }: CommandOf<'queue-move'>): Promise<void> =>
      inTurn(async () => {
        const queue = await read()
        const places = placesAfterMove(queue, session, before)
        const moved = queue.filter((queued) => places.has(queued.session)).flatMap((queued) => queued.runs)
        await runs.change(
          moved.map(({ run }) => run),
          (entry) => ({ ...entry, place: places.get(entry.session) ?? entry.place }),
        )
      }),

    /** @throws AppError `run-busy` for a session in training; then all stay */
    async cancel({ sessions }: CommandOf<'queue-cancel'>): Promise<void> {
      await inTurn(async () => {
        const cancelled = (await read()).filter(({ session }) => sessions.includes(session))
        await runs.changeIdle(
          cancelled.flatMap((queued) => queued.runs.map(({ run }) => run)),
          (entry) => (entry.state === 'queued' ? { ...entry, deletedAt: now() } : { ...entry, place: null }),
        )
      })
      await goOn()
    },

    hold: (): Promise<void> =>
      inTurn(async () => {
        if (state === 'elsewhere') throw isElsewhere()
        give('held')
      }),

    async go(): Promise<void> {
      await inTurn(async () => {
        if (!(await take())) throw isElsewhere()
        enter('going')
      })
      await goOn()
    },

    /**
     * Nothing is in training any more, or another session waits.
     * @param obstacle why the sessions that wait would fail like the last, or why that one could not be kept
     */
    goOn,

    /** What another tab tells. */
    hear(event: TrainEvent): void {
      if (event.kind === 'queue' && !release) state = event.state
      if ((event.kind === 'run-entry' || event.kind === 'run-elsewhere') && release) void goOn()
    },
  }
}

function isElsewhere(): AppError {
  return new AppError(
    'queue-busy',
    'The queue is running in another tab. Pause it there or close that tab, then run it here.',
  )
}
