// The engine for this machine: our own on WebGPU where there is a graphics card, else our own on the CPU, and tfjs where
// neither works. Or the one that somebody asks for.
import { AppError } from '../base/app-error.ts'
import type { EngineName } from '../contract/device-info.ts'
import { createCpuEngine } from './cpu/cpu-engine.ts'
import type { CpuHost } from './cpu/threads/host.ts'
import type { Engine } from './engine.ts'
import {
  adapterNames,
  describeAdapter,
  type GpuSource,
  isSoftware,
  openDevice,
  requestAdapter,
} from './webgpu-device.ts'
import type { ChoiceStore } from './webgpu/kernel-choice.ts'
import { createWebGpuEngine } from './webgpu/webgpu-engine.ts'

export type EngineOptions = {
  /** This one or none; otherwise the best that works. */
  readonly engine?: EngineName
  /** Where `navigator.gpu` is not the one to use: Dawn's, in Node. */
  readonly gpu?: GpuSource
  /** What the CPU engine runs on; without it there is none. */
  readonly cpu?: { readonly host: CpuHost; readonly threads: number }
  /** Where measurements of kernels are kept; without it nothing is measured, nor on software adapters. */
  readonly choices?: ChoiceStore
  /** Told once, as soon as nothing that the device computes can be trusted any more. */
  readonly onFailure: (error: AppError) => void
}

/** For the kernels of one network: a few hundred small measurements on a GPU. */
const MEASURING_MS = 15_000

/** @throws AppError `device-unavailable` where nothing works, saying why for each thing tried */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  switch (options.engine) {
    case 'webgpu':
      return openWebGpu(options, await requestAdapter(gpuOf(options)))
    case 'cpu':
      return openCpu(options, [])
    case 'tfjs':
      return openTfjs(options)
    default:
      return openBest(options)
  }
}

/** Each thing tried that does not work leaves a reason. */
async function openBest(options: EngineOptions): Promise<Engine> {
  const reasons: string[] = []
  const attempts = [
    async () => openWebGpu(options, await requestGraphicsCard(options)),
    () => openCpu(options, reasons),
    ...(['webgl', 'cpu'] as const).map((backend) => async () => {
      const engine = await (await loadTfjs())({ backend, avoidSoftware: true, onFailure: options.onFailure })
      return { ...engine, info: { ...engine.info, fallbackReasons: reasons } }
    }),
  ]
  for (const attempt of attempts) {
    try {
      return await attempt()
    } catch (error) {
      // Whatever it was, the next one may work.
      reasons.push(reasonOf(error))
    }
  }
  throw new AppError('device-unavailable', reasons.join(' '))
}

const gpuOf = ({ gpu }: EngineOptions): GpuSource | null => gpu ?? globalThis.navigator?.gpu ?? null

/** @throws AppError `device-unavailable` where there is no adapter, or a program on the CPU that only looks like one */
async function requestGraphicsCard(options: EngineOptions): Promise<GPUAdapter> {
  const adapter = await requestAdapter(gpuOf(options))
  if (!isSoftware(adapter)) return adapter
  throw new AppError(
    'device-unavailable',
    `No graphics card: WebGPU’s adapter is ${describeAdapter(adapterNames(adapter))}, a program on the CPU.`,
  )
}

async function openWebGpu({ choices, onFailure }: EngineOptions, adapter: GPUAdapter): Promise<Engine> {
  let failure: AppError | null = null
  const { device, info, close } = await openDevice(adapter, (error) => {
    failure = error
    onFailure(error)
  })
  const software = isSoftware(adapter)
  try {
    return await createWebGpuEngine({
      device,
      close,
      info: { adapter: describeAdapter(info), software, fallbackReasons: [] },
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

async function openCpu({ cpu, onFailure }: EngineOptions, reasons: readonly string[]): Promise<Engine> {
  if (!cpu) throw new AppError('device-unavailable', 'There is no CPU engine here.')
  return createCpuEngine({ ...cpu, reasons, onFailure })
}

async function openTfjs({ gpu, onFailure }: EngineOptions): Promise<Engine> {
  return (await loadTfjs())({ ...(gpu && { gpu }), onFailure })
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  return `An engine did not start: ${error instanceof Error ? error.message : String(error)}.`
}

/** Loaded only where it is needed: it is much larger than all the rest. */
async function loadTfjs() {
  return (await import('./tfjs/tfjs-engine.ts')).createTfjsEngine
}
