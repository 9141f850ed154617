import type { ActivationFormat } from '../base/activation-format.ts'
import { AppError } from '../base/app-error.ts'
import type { DeviceInfo } from '../contract/device-info.ts'

/** @throws AppError `config-invalid` where the engine cannot store activations so */
export function assertStores(
  { engine, adapter, activationFormats }: DeviceInfo,
  activations: ActivationFormat,
): void {
  if (activationFormats.includes(activations)) return
  throw new AppError(
    'config-invalid',
    `The run stores activations as ${activations}, and the ${engine} engine on ${adapter} stores ${activationFormats.join(' or ')}; choose that, or a graphics device with the WebGPU feature shader-f16.`,
  )
}
