import type { RunConfig } from '../../config/run-config.ts'
import { configOf, type Side, SIDES } from '../../runs/pair.ts'
import { askingForEngine } from '../device/engine-actions.ts'
import { isActive, type SessionRecord } from './session-record.ts'
import { attempt, deviceSettled, type LabStore } from '../lab-store.ts'
import { newId } from '../new-id.ts'
import type { WorkerClient } from '../worker-client.ts'

export type SessionActions = ReturnType<typeof createSessionActions>

/** What a person does to the training itself. Failures are reported in the run zone. */
export function createSessionActions(store: LabStore, client: WorkerClient) {
  const inSession = (kind: 'pause' | 'stop' | 'keep') => (): Promise<void> => {
    const { session } = store.getState()
    if (!session || session.isStored) return Promise.resolve()
    return attempt(store, { place: 'run' }, () => client.call({ kind, session: session.session }))
  }

  async function start(sides: readonly Side[], paused: boolean): Promise<string> {
    await deviceSettled(store)
    const session = newId()
    const { setup } = store.getState()
    await client.call({
      kind: 'start',
      session,
      runs: sides.map((side) => runOf(session, side, setup)),
      paused,
    })
    return session
  }

  /** The worker takes a stored session up again; false where that needs another engine, which the person declines. */
  const resume = ({ session, runs }: SessionRecord, paused: boolean, epochs = 0): Promise<boolean> =>
    askingForEngine(store, (mayChangeEngine) =>
      client.call({ kind: 'resume-runs', session, runs: [...runs], paused, epochs, mayChangeEngine }),
    )

  const train = (sides: readonly Side[]): Promise<void> =>
    attempt(store, { place: 'run', busy: 'start' }, () => start(sides, false))

  return {
    train,
    /** Sets up an experiment, and trains both of its runs. */
    trainExperiment: (setup: RunConfig): Promise<void> => {
      store.setState({ setup, setupFrom: 'choice' })
      return train(SIDES)
    },
    pause: inSession('pause'),
    resume: (): Promise<void> => {
      const { session } = store.getState()
      if (!session) return Promise.resolve()
      return session.isStored
        ? attempt(store, { place: 'run', busy: 'start' }, () => resume(session, false))
        : attempt(store, { place: 'run' }, () => client.call({ kind: 'resume', session: session.session }))
    },
    stop: inSession('stop'),
    /** The page may be gone soon: what was trained is stored now. */
    keep: inSession('keep'),
    /** One optimiser step of each run; begins a paused pair where nothing is being trained. */
    step: () =>
      attempt(store, { place: 'run', busy: 'start' }, async () => {
        const { session } = store.getState()
        if (session?.isStored && !(await resume(session, true))) return
        const isThere = session?.isStored || isActive(session)
        const id = session && isThere ? session.session : await start(SIDES, true)
        await client.call({ kind: 'step', session: id })
      }),
    extend: (epochs: number): Promise<void> => {
      const { session } = store.getState()
      if (!session) return Promise.resolve()
      return session.isStored
        ? attempt(store, { place: 'run', busy: 'start' }, () => resume(session, false, epochs))
        : attempt(store, { place: 'run' }, () =>
            askingForEngine(store, (mayChangeEngine) =>
              client.call({ kind: 'extend', session: session.session, epochs, mayChangeEngine }),
            ),
          )
    },
  }
}

/** A new run of a session. */
export function runOf(session: string, side: Side, setup: RunConfig): { run: string; config: RunConfig } {
  return { run: `${session}-${side}`, config: configOf(side, setup) }
}
