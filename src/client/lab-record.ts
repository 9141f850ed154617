// What the page knows of the worker, as plain data, and which slice of it each event changes.
import type { TrainEvent } from '../contract/events.ts'
import { applyDataSet, type DataSets, NO_DATA_SETS } from './data/data-sets.ts'
import { applyDevice, type DeviceRecord, NO_DEVICE } from './device/device-slice.ts'
import type { InspectRecord } from './inspect/inspect-slice.ts'
import { applyStored, NO_STORED_RUNS, type StoredRuns } from './runs/stored-runs.ts'
import { isActive } from './session/session-record.ts'
import { applySession, NO_SESSION, type SessionSlice, withoutRun } from './session/session-slice.ts'

export type LabRecord = DeviceRecord &
  DataSets &
  SessionSlice &
  InspectRecord & {
    readonly stored: StoredRuns
  }

export const EMPTY_RECORD: LabRecord = {
  ...NO_DEVICE,
  ...NO_DATA_SETS,
  ...NO_SESSION,
  ranking: null,
  stored: NO_STORED_RUNS,
}

export function applyEvent(record: LabRecord, event: TrainEvent): LabRecord {
  switch (event.kind) {
    case 'device':
    case 'device-failed':
    case 'worker-failed':
      return { ...record, ...applyDevice(event) }
    case 'data-set':
      return { ...record, ...applyDataSet(record, event.status) }
    case 'whitening':
      return { ...record, whiteningShare: event.share }
    case 'session':
    case 'progress':
    case 'steps':
    case 'epoch':
    case 'rewound':
    case 'log':
      return applySession(record, event)
    case 'ranking':
      return { ...record, ranking: { images: event.images, total: event.total } }
    case 'run-entry': {
      const { run, deletedAt } = event.entry
      const next = { ...record, stored: applyStored(record.stored, event) }
      return deletedAt === null || isActive(record.session) ? next : withoutRun(next, run)
    }
    case 'runs':
    case 'run-elsewhere':
    case 'keeping':
    case 'queue':
    case 'storage':
      return { ...record, stored: applyStored(record.stored, event) }
    default:
      return event satisfies never
  }
}
