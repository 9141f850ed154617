// Opens tfjs's backends: each says what it runs on, whether it has failed, and how to close it.
import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { AppError } from '../../base/app-error.ts'
import { describeAdapter, isSoftwareAdapter, openWebgpuDevice, type GpuSource } from '../webgpu-device.ts'

/** The best first. */
const BACKENDS = ['webgpu', 'webgl', 'cpu'] as const
export type BackendName = (typeof BACKENDS)[number]

export type Backend = {
  readonly name: BackendName
  readonly adapter: string
  readonly software: boolean
  /** Why nothing that the device computes or returns from now on is right; null while it is well. */
  failure(): AppError | null
  close(): void
}

export type BackendOptions = {
  /** This one or none; otherwise the first that works of WebGPU, WebGL, CPU. */
  readonly backend?: BackendName
  /**
   * Passes over GPUs that are programs on the CPU. tfjs's kernels for the GPU make poor programs: ResNet-8 of width 4
   * trained 3.4 images/s on WebGPU over SwiftShader, 8.1 on WebGL over it, 12.6 in JavaScript (batch 16, Chromium 156,
   * two busy cores, one after the other).
   */
  readonly avoidSoftware?: boolean
  /** Where `navigator.gpu` is not the one to use: Dawn's, in Node. */
  readonly gpu?: GpuSource
  /** Told once, as soon as the device has failed. */
  readonly onFailure?: (error: AppError) => void
}

/**
 * Makes the first backend that works tfjs's own.
 * @returns it, and why those before it did not work, one sentence each
 * @throws AppError `device-unavailable` where none works
 */
export async function openBackend(
  options: BackendOptions,
): Promise<{ backend: Backend; fallbackReasons: string[] }> {
  const fallbackReasons: string[] = []
  for (const name of options.backend ? [options.backend] : BACKENDS) {
    try {
      const backend = await open(name, options)
      if (!options.avoidSoftware || name === 'cpu' || !backend.software) return { backend, fallbackReasons }
      backend.close()
      fallbackReasons.push(
        `${backend.adapter} is a program on the CPU, and slower there than JavaScript; a graphics card and its driver would be faster.`,
      )
    } catch (error) {
      // Whatever it was, the next one may work.
      fallbackReasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new AppError('device-unavailable', fallbackReasons.join(' '))
}

function open(name: BackendName, options: BackendOptions): Promise<Backend> {
  switch (name) {
    case 'webgpu':
      return openWebgpu(options)
    case 'webgl':
      return openWebgl()
    case 'cpu':
      return openCpu()
    default:
      return name satisfies never
  }
}

async function openWebgpu({ gpu, onFailure }: BackendOptions): Promise<Backend> {
  let failure: AppError | null = null
  const {
    adapter: source,
    device,
    info,
    close,
  } = await openWebgpuDevice(gpu ?? globalThis.navigator?.gpu ?? null, (error) => {
    failure = error
    onFailure?.(error)
  })
  // tfjs registers a factory of its own, which would request a second device without our listeners.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', async () => new WebGPUBackend(device, source.info))
  await tf.setBackend('webgpu')
  const adapter = describeAdapter(info)
  return {
    name: 'webgpu',
    adapter,
    software: info.isFallbackAdapter || isSoftwareAdapter(adapter),
    failure: () => failure,
    close() {
      tf.removeBackend('webgpu')
      close()
    },
  }
}

async function openWebgl(): Promise<Backend> {
  // tfjs registers the backend only where there is a canvas.
  const ready = tf.findBackendFactory('webgl') ? await tf.setBackend('webgl') : false
  const backend = ready ? tf.backend() : null
  if (!(backend instanceof tf.MathBackendWebGL)) {
    throw new AppError('device-unavailable', 'WebGL is not available here either.')
  }
  if (!tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')) {
    throw new AppError(
      'device-unavailable',
      'This WebGL computes with 16-bit floats only, which is too coarse to train with.',
    )
  }
  const { gl } = backend.gpgpu
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  const adapter = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  return {
    name: 'webgl',
    adapter,
    software: isSoftwareAdapter(adapter),
    failure: () => (gl.isContextLost() ? new AppError('device-lost', 'The WebGL context was lost.') : null),
    close() {},
  }
}

async function openCpu(): Promise<Backend> {
  await tf.setBackend('cpu')
  return { name: 'cpu', adapter: 'JavaScript on the CPU', software: true, failure: () => null, close() {} }
}
