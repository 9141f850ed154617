import type { RunConfig } from '../../config/run-config.ts'
import type { DeviceRecord } from '../device/device-slice.ts'
import { defaultSetup } from './default-setup.ts'

export type SetupSlice = {
  /** What "Train both" would train; its `identity` is true, and the pair's other run has it false. */
  readonly setup: RunConfig
  /** The default gives way to the device's own default; a choice does not. */
  readonly setupFrom: 'default' | 'choice'
  /** The labels of fields that hold what cannot be read: the set-up has their values from before. */
  readonly invalidFields: readonly string[]
}

export const initialSetup = (): SetupSlice => ({
  setup: defaultSetup(null),
  setupFrom: 'default',
  invalidFields: [],
})

/** What a device that was just found makes of a set-up that nobody has touched. */
export function setupOnDevice(
  { device }: DeviceRecord,
  before: SetupSlice & DeviceRecord,
): Pick<SetupSlice, 'setup'> | null {
  if (before.setupFrom !== 'default' || device.state !== 'ready') return null
  return before.device.state === 'ready' ? null : { setup: defaultSetup(device.info) }
}
