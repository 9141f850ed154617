import { AppError } from '../../../base/app-error.ts'

/**
 * Issues commands, and waits until the device has judged them. They are issued at once, without waiting in between, so
 * that the scopes hold no one else's.
 * @param undo told of the result where the device refused the commands
 * @throws AppError `device-lost` where one was invalid, `out-of-memory` where there was not enough for them: nothing that
 * they wrote is right
 */
export async function guarded<T>(
  device: GPUDevice,
  issue: () => T,
  undo: (result: T) => void = () => undefined,
): Promise<T> {
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  let result: T
  let scopes: Promise<(GPUError | null)[]>
  try {
    result = issue()
  } finally {
    scopes = Promise.all([device.popErrorScope(), device.popErrorScope()])
  }
  const [invalid, outOfMemory] = await scopes
  if (invalid ?? outOfMemory) undo(result)
  if (outOfMemory)
    throw new AppError('out-of-memory', OUT_OF_MEMORY, { cause: new Error(outOfMemory.message) })
  if (invalid) throw new AppError('device-lost', REFUSED, { cause: new Error(invalid.message) })
  return result
}

const OUT_OF_MEMORY = 'The graphics device ran out of memory; choose a smaller batch or a smaller network.'
const REFUSED = 'The graphics device refused a command, so its results cannot be trusted.'
