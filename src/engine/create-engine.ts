// The engine for this machine: our own on WebGPU, and where that does not work tfjs on something else.
import { AppError } from '../contract/app-error.ts'
import type { EngineName } from '../contract/device-info.ts'
import type { Engine } from './engine.ts'
import { describeAdapter, type GpuSource, isSoftwareAdapter, openWebgpuDevice } from './webgpu-device.ts'
import type { ChoiceStore } from './webgpu/kernel-choice.ts'
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts'

export type EngineOptions = {
  /** This one or none; otherwise ours, with tfjs as its replacement. */
  readonly engine?: EngineName
  /** Where `navigator.gpu` is not the one to use: Dawn's, in Node. */
  readonly gpu?: GpuSource
  /** Where measurements of kernels are kept; without it nothing is measured, nor on software adapters. */
  readonly choices?: ChoiceStore
  /** Told once, as soon as nothing that the device computes can be trusted any more. */
  readonly onFailure: (error: AppError) => void
}

/** For the kernels of one network: a few hundred small measurements on a GPU. */
const MEASURING_MS = 15_000

/** @throws AppError `device-unavailable` where nothing works, saying why for each thing tried */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  if (options.engine === 'tfjs') {
    const { engine: _, ...backend } = options
    return (await loadTfjs())(backend)
  }
  try {
    return await openWebGpuEngine(options)
  } catch (error) {
    if (options.engine === 'webgpu' || !isDeviceTrouble(error)) throw error
    return openReplacement(options.onFailure, error.message)
  }
}

async function openWebGpuEngine({ gpu, choices, onFailure }: EngineOptions): Promise<Engine> {
  let failure: AppError | null = null
  const { device, info, close } = await openWebgpuDevice(
    gpu ?? globalThis.navigator?.gpu ?? null,
    (error) => {
      failure = error
      onFailure(error)
    },
  )
  const adapter = describeAdapter(info)
  const software = info.isFallbackAdapter || isSoftwareAdapter(adapter)
  try {
    return await createWebGpuEngine({
      device,
      close,
      info: { adapter, software, fallbackReasons: [] },
      // A software adapter compiles for seconds what it would measure, and its best kernels are known.
      measuring: choices && !software ? { store: choices, budget: MEASURING_MS } : null,
      failure: () => failure,
      onFailure,
    })
  } catch (error) {
    close()
    throw error
  }
}

/** tfjs without WebGPU: an adapter that fails our engine is not to be trusted with tfjs's kernels either. */
async function openReplacement(onFailure: EngineOptions['onFailure'], reason: string): Promise<Engine> {
  const createTfjsEngine = await loadTfjs()
  const reasons = [reason]
  for (const backend of ['webgl', 'cpu'] as const) {
    try {
      const engine = await createTfjsEngine({ backend, avoidSoftware: true, onFailure })
      return { ...engine, info: { ...engine.info, fallbackReasons: reasons } }
    } catch (error) {
      if (!isDeviceTrouble(error)) throw error
      reasons.push(error.message)
    }
  }
  throw new AppError('device-unavailable', reasons.join(' '))
}

function isDeviceTrouble(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'device-unavailable' || error.code === 'device-lost')
}

/** Loaded only where it is needed: it is much larger than all the rest. */
async function loadTfjs() {
  return (await import('./tfjs/tfjs-engine.ts')).createTfjsEngine
}
