// Executes Graphs with TensorFlow.js: the numerical reference, the baseline, and the engine where WebGPU is missing.
import type { DeviceInfo } from '../../contract/device-info.ts'
import { assertStores } from '../assert-stores.ts'
import type { Engine } from '../engine.ts'
import { openBackend, type BackendOptions } from './backends.ts'
import { convolutionsFor } from './convolution.ts'
import { TfjsTrainer } from './tfjs-trainer.ts'

/**
 * Opens a device and makes it tfjs's backend. tfjs has one backend at a time, so dispose of an engine before opening
 * the next.
 * @throws AppError `device-unavailable` where the backend asked for, or every backend, is unavailable
 */
export async function createTfjsEngine(options: BackendOptions = {}): Promise<Engine> {
  const { backend, fallbackReasons } = await openBackend(options)
  const { name, adapter, software } = backend
  const assertDevice = () => {
    const failure = backend.failure()
    if (failure) throw failure
  }
  const info: DeviceInfo = {
    engine: 'tfjs',
    backend: name,
    adapter,
    software,
    activationFormats: ['f32'],
    fallbackReasons,
  }
  return {
    info,
    async compile(graph, compileOptions) {
      assertDevice()
      assertStores(info, compileOptions.activations)
      return new TfjsTrainer(graph, compileOptions, {
        convolutions: convolutionsFor(name, software),
        assertDevice,
      })
    },
    dispose: () => backend.close(),
  }
}
