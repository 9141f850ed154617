import type { DeviceInfo } from '../../contract/device-info.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { quickStart } from './quick-start.ts'

/**
 * What the page is set up for before anyone touches it: the built-in images, so that "Train both" works at once.
 * @param info null while the device is still being looked for
 */
export function defaultSetup(info: DeviceInfo | null): RunConfig {
  return quickStart(info).first.setup
}
