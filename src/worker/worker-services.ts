// What the worker has, and every command may use: one engine, one session at a time, the data sets, the stored runs.
import { type AppError, toFailure } from '../base/app-error.ts'
import type { EngineSetting } from '../contract/engine-setting.ts'
import type { TrainEvent } from '../contract/events.ts'
import type { DataLibrary } from '../data/data-library.ts'
import type { Engine } from '../engine/engine.ts'
import { type ChosenEngine, createChosenEngine } from './chosen-engine.ts'
import { createQueue, type Queue } from './queue.ts'
import type { RunLibrary } from './run-library.ts'
import { createSessionHost, type SessionHost } from './session-host.ts'
import type { Whitener } from './whitener.ts'
import { createWhiteningComputation, type WhiteningComputation } from './whitening-computation.ts'

type Given = {
  readonly library: DataLibrary
  readonly runs: RunLibrary
  readonly whitener: Whitener
  readonly emit: (event: TrainEvent) => void
  readonly now: () => number
  readonly elapsed: () => number
  readonly yieldToEventLoop: () => Promise<void>
}

type Ports = Given & {
  /** What the first engine is opened by. */
  readonly setting: EngineSetting
  readonly createEngine: (setting: EngineSetting, onFailure: (error: AppError) => void) => Promise<Engine>
}

export type WorkerServices = Given & {
  readonly engines: ChosenEngine
  readonly sessions: SessionHost
  readonly queue: Queue
  readonly whitenings: WhiteningComputation
}

export function createWorkerServices({ setting, createEngine, ...given }: Ports): WorkerServices {
  const { runs, emit, now } = given
  const engines = createChosenEngine({
    setting,
    create: createEngine,
    onOpened: (info, asked) => emit({ kind: 'device', info, setting: asked }),
    onRefused: (error) => emit({ kind: 'device-failed', failure: toFailure(error) }),
    onFailure: (error) => sessions.loseEngine(error),
  })
  const sessions = createSessionHost({
    ...given,
    engines,
    onFree: (obstacle) => void queue.goOn(obstacle),
  })
  const { isBusy, beginQueued } = sessions
  const queue = createQueue({ runs, isBusy, begin: beginQueued, emit, now })
  return {
    ...given,
    engines,
    sessions,
    queue,
    whitenings: createWhiteningComputation({ ...given, engines }),
  }
}
