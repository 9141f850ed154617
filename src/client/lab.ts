// The page's side of the lab: the store that components read, and everything that a person can do.
import type { StoreApi } from 'zustand/vanilla'
import { type CompareActions, createCompareActions } from './runs/compare-actions.ts'
import { createDataActions, type DataActions } from './data/data-actions.ts'
import { createDevActions, type DevActions } from './device/dev-actions.ts'
import { createEngineActions, type EngineActions } from './device/engine-actions.ts'
import type { EnginePreference } from './device/engine-preference.ts'
import { AUTOMATIC, type EngineSetting } from '../contract/engine-setting.ts'
import { createFeatureActions, type FeatureActions } from './inspect/feature-actions.ts'
import {
  createLabStore,
  type LabState,
  type LabStore,
  listenFor,
  type ErrorLocation,
  reportFailure,
} from './lab-store.ts'
import { createOpenFiles, type OpenFiles } from './open-files.ts'
import { createQueueActions, type QueueActions } from './queue/queue-actions.ts'
import { createSessionActions, type SessionActions } from './session/session-actions.ts'
import { createSetupActions, type SetupActions } from './setup/setup-actions.ts'
import { createStoredRunActions, type StoredRunActions } from './runs/stored-run-actions.ts'
import { createExportActions, type ExportActions } from './export/export-actions.ts'
import type { Listener, WorkerClient } from './worker-client.ts'

export type LabActions = SessionActions &
  EngineActions &
  CompareActions &
  QueueActions &
  DataActions &
  StoredRunActions &
  SetupActions &
  DevActions &
  FeatureActions &
  ExportActions &
  OpenFiles & {
    /** Shows a stored session, and goes on with it. */
    readonly resumeSession: (session: string) => Promise<void>
    readonly dismissFailure: (place: ErrorLocation) => void
  }

export type Lab = {
  readonly store: Pick<StoreApi<LabState>, 'getState' | 'getInitialState' | 'subscribe'>
  readonly actions: LabActions
}

type EngineMemory = {
  readonly preference: EnginePreference
  readonly remember: (setting: EngineSetting) => void
}
const NO_MEMORY: EngineMemory = {
  preference: { setting: AUTOMATIC, from: 'default', failure: null },
  remember: () => undefined,
}

/**
 * @param connect reaches the worker: `startWorker`, or a message port in tests
 * @param engine what the worker was started with, and where a choice is kept
 */
export function createLab(
  connect: (listener: Listener) => WorkerClient,
  { preference, remember }: EngineMemory = NO_MEMORY,
): Lab {
  const store: LabStore = createLabStore()
  const { setting, from, failure } = preference
  store.setState({ engine: { setting, from } })
  if (failure) reportFailure(store, 'page', failure)
  const client = connect(listenFor(store))
  const storedRuns = createStoredRunActions(store, client)
  const sessions = createSessionActions(store, client)
  const data = createDataActions(store, client)
  const setups = createSetupActions(store)
  const exports = createExportActions(store, client)
  showLastOnceOpen(store, storedRuns)
  return {
    store,
    actions: {
      ...sessions,
      ...createEngineActions(store, client, remember),
      ...createQueueActions(store, client),
      ...data,
      ...storedRuns,
      ...createCompareActions(store, client),
      ...setups,
      ...createDevActions(store, client),
      ...createFeatureActions(store, client),
      ...exports,
      ...createOpenFiles(store, { ...data, ...storedRuns, ...setups, ...exports }),
      async resumeSession(session) {
        await storedRuns.showSession(session)
        if (store.getState().session?.session === session) await sessions.resume()
      },
      dismissFailure: (place) => reportFailure(store, place, null),
    },
  }
}

/** After a reload what was trained last is shown again, unless a person was faster. */
function showLastOnceOpen(store: LabStore, actions: StoredRunActions): void {
  const end = store.subscribe(({ stored, session }) => {
    if (!stored.isOpen) return
    end()
    if (!session) void actions.showLast()
  })
}
