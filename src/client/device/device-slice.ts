// The engine that trains: what the worker opened, and what a person asked for.
import type { Failure } from '../../base/app-error.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { AUTOMATIC, type EngineSetting } from '../../contract/engine-setting.ts'
import type { TrainEvent } from '../../contract/events.ts'
import type { EnginePreference } from './engine-preference.ts'

export type Device =
  | { readonly state: 'starting' }
  | {
      readonly state: 'ready'
      readonly info: DeviceInfo
      /** What it was opened by. */
      readonly setting: EngineSetting
    }
  | { readonly state: 'failed'; readonly failure: Failure }

export type DeviceRecord = {
  readonly device: Device
  /** Why the worker could not start, or did not understand us. */
  readonly workerFailure: Failure | null
}

export type DeviceChoice = {
  readonly engine: Pick<EnginePreference, 'setting' | 'from'>
  /** Asked while a run waits to go on with another engine than before; null otherwise. */
  readonly engineQuestion: { readonly text: string; readonly answer: (isAgreed: boolean) => void } | null
}

export const NO_DEVICE: DeviceRecord = { device: { state: 'starting' }, workerFailure: null }
export const NO_DEVICE_CHOICE: DeviceChoice = {
  engine: { setting: AUTOMATIC, from: 'default' },
  engineQuestion: null,
}

type DeviceEvent = Extract<TrainEvent, { kind: 'device' | 'device-failed' | 'worker-failed' }>

export function applyDevice(event: DeviceEvent): Partial<DeviceRecord> {
  switch (event.kind) {
    case 'device':
      return { device: { state: 'ready', info: event.info, setting: event.setting } }
    case 'device-failed':
      return { device: { state: 'failed', failure: event.failure } }
    case 'worker-failed':
      return { workerFailure: event.failure }
    default:
      return event satisfies never
  }
}
