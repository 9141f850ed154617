// Which commands make sense now, and what state the run is in, in words.
import type { Device } from '../../client/device/device-slice.ts'
import type { SessionRecord } from '../../client/session/session-record.ts'
import type { RunRecord } from '../../client/session/run-record.ts'
import { isActive } from '../../client/session/session-record.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import { invalidFieldsSentence } from '../foundation/controls/invalid-fields.tsx'
import type { StoredDataSet } from '../../contract/events.ts'

export type Situation = {
  readonly device: Device
  /** Of the data set in the set-up. */
  readonly data: StoredDataSet
  readonly session: SessionRecord | null
  /** Labels of the set-up's fields that hold what cannot be read. */
  readonly invalidFields: readonly string[]
  /** True while a command to begin is under way. */
  readonly starting: boolean
}

export type RunCommands = {
  readonly train: boolean
  readonly pause: boolean
  readonly resume: boolean
  readonly step: boolean
  readonly stop: boolean
  readonly extend: boolean
}

export function runCommands(situation: Situation): RunCommands {
  const { session, starting } = situation
  const active = isActive(session)
  const state = session?.state
  const train = !active && !starting && obstacle(situation) === null
  return {
    train,
    pause: state === 'running' || state === 'evaluating' || state === 'preparing',
    resume: state === 'paused',
    // A step begins a session only where it would not end one whose weights are still here.
    step: state === 'paused' || (train && session === null),
    stop: active,
    extend: state === 'paused' || state === 'finished',
  }
}

/**
 * Why nothing can be trained now, in a sentence; null where it can, or will as soon as the device is there. Images that
 * the lab draws itself are there before anything has reported them.
 */
export function obstacle({
  device,
  data,
  invalidFields,
}: Pick<Situation, 'device' | 'data' | 'invalidFields'>): string | null {
  if (device.state === 'failed') return device.failure.message
  if (invalidFields.length > 0) return invalidFieldsSentence(invalidFields)
  if (data.state !== 'ready' && !DATA_SETS[data.set].synthetic) {
    const { title } = DATA_SETS[data.set]
    return `${title} is not downloaded yet. Get it under Data, or choose the built-in images.`
  }
  return null
}

/** What is going on, in a word or two; announced when it changes. */
export function formatState({ device, session, starting }: Situation): string {
  if (session) {
    switch (session.state) {
      case 'preparing':
        return session.phase === null ? 'Preparing' : `Preparing: ${session.phase}`
      case 'running':
        return 'Training'
      case 'evaluating':
        return 'Testing'
      case 'paused':
        return 'Paused'
      case 'stopped':
        return 'Stopped'
      case 'finished':
        return 'Finished'
      case 'failed':
        return 'Failed'
      default:
        return session.state satisfies never
    }
  }
  if (starting) return 'Starting'
  return device.state === 'ready' ? 'Ready' : device.state === 'failed' ? 'No device' : 'Starting up'
}

/** What a side's run is doing, in a word or two. */
export function sideState(run: RunRecord | null, session: SessionRecord | null): string {
  if (!run || !session) return 'not trained yet'
  if (run.failure) return run.failure.code === 'training-diverged' ? 'diverged' : 'failed'
  if (!session.runs.includes(run.run)) return 'previous session'
  switch (session.state) {
    case 'preparing':
      return 'preparing'
    case 'running':
      return 'training'
    case 'evaluating':
      return 'testing'
    default:
      return session.state
  }
}
