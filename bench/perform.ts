// A benchmark or a profile on what is at hand, in a page or in Node.
import { AppError } from '../src/base/app-error.ts'
import { describeAdapter, type GpuSource, isSoftwareAdapter } from '../src/engine/webgpu-device.ts'
import {
  type Contender,
  type CpuEngineName,
  type EngineName,
  type GpuEngineName,
  isCpuEngine,
} from './contender.ts'
import type { TfjsWasmFiles } from './contenders/tfjs-wasm.ts'
import type { BenchEvent } from './events.ts'
import type { NetworkName } from './networks.ts'
import { runBenchmark } from './run-benchmark.ts'
import { type ProfileRequest, runProfile } from './run-profile.ts'
import type { Slices } from './schedule.ts'

export type BenchOrder = {
  readonly measure: 'speed' | 'kernels'
  readonly networks: readonly NetworkName[]
  readonly engines: readonly EngineName[]
  /** Images of a step; null to follow the adapter. */
  readonly batch: number | null
  /** Of each engine on the CPU; null where none takes part. */
  readonly threads: number | null
  readonly slices: Slices
}

/** What a page and Node have each in their own way. */
export type Surroundings = {
  /** @throws AppError `device-unavailable` */
  readonly openGpu: () => Promise<GpuSource>
  readonly openResidualLabCpu: (threads: number) => Promise<Contender>
  /** Times the kernels of our engine on the CPU; null where that is not done. */
  readonly profileCpu:
    | ((request: ProfileRequest, threads: number, emit: (event: BenchEvent) => void) => Promise<void>)
    | null
  readonly openPytorch: (threads: number) => Promise<Contender>
  readonly tfjsWasmFiles: TfjsWasmFiles | null
  /** Whether a page may have threads that share memory; null in Node, where they always may. */
  readonly crossOriginIsolated: boolean | null
}

/** What a software adapter and a graphics card are asked for where the order does not say. */
const SOFTWARE_BATCH = 8
const GRAPHICS_CARD_BATCH = 128

const LIMITS_TOLD = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const

const FEATURES_TOLD = ['timestamp-query', 'subgroups', 'shader-f16']

/** @throws AppError `device-unavailable` where there is no WebGPU, and nothing else was asked for */
export async function perform(
  order: BenchOrder,
  surroundings: Surroundings,
  emit: (event: BenchEvent) => void,
): Promise<void> {
  const { networks, engines, slices, threads } = order
  const gpu = await findGpuFor(order, surroundings)
  const adapter = gpu instanceof AppError ? null : gpu
  const batch = order.batch ?? (adapter?.isSoftware ? SOFTWARE_BATCH : GRAPHICS_CARD_BATCH)
  emit({
    kind: 'machine',
    adapter: adapter?.name ?? null,
    limits: adapter?.limits ?? {},
    features: adapter?.features ?? [],
    batch,
    threads,
    crossOriginIsolated: surroundings.crossOriginIsolated,
  })
  const open = async (engine: EngineName) => {
    if (isCpuEngine(engine)) return openOnCpu(engine, threads ?? 1, surroundings)
    if (gpu === null || gpu instanceof AppError) throw gpu ?? new Error('no GPU was asked for')
    return openOnGpu(engine, gpu)
  }
  if (order.measure === 'kernels') {
    const { profileCpu } = surroundings
    if (threads !== null && profileCpu) return profileCpu({ networks, batch }, threads, emit)
    if (adapter) {
      const { openWebGpuEngine } = await import('./contenders/residual-lab.ts')
      return runProfile({ networks, batch }, await openWebGpuEngine(adapter.source), emit)
    }
  }
  return runBenchmark({ ...slices, networks, engines, batch }, { emit, now: () => performance.now(), open })
}

type Gpu = {
  readonly source: GpuSource
  readonly name: string
  readonly isSoftware: boolean
  readonly limits: Record<string, number>
  readonly features: string[]
}

/**
 * @returns null where no engine needs it; the reason where there is none and engines on the CPU go on without
 * @throws AppError `device-unavailable`
 */
async function findGpuFor(
  { engines, threads }: BenchOrder,
  { openGpu }: Surroundings,
): Promise<Gpu | AppError | null> {
  if (engines.every(isCpuEngine)) return null
  try {
    return await findGpu(await openGpu())
  } catch (error) {
    if (threads !== null && error instanceof AppError) return error
    throw error
  }
}

async function findGpu(source: GpuSource): Promise<Gpu> {
  const adapter = await source.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw noAdapter()
  const name = describeAdapter(adapter.info)
  return {
    source,
    name,
    isSoftware: adapter.info.isFallbackAdapter || isSoftwareAdapter(name),
    limits: Object.fromEntries(LIMITS_TOLD.map((limit) => [limit, adapter.limits[limit]])),
    features: FEATURES_TOLD.filter((feature) => adapter.features.has(feature)),
  }
}

export function noAdapter(): AppError {
  return new AppError('device-unavailable', 'There is no WebGPU adapter here; `npm run setup` installs one.')
}

/** Loads an engine's library only where it takes part. */
async function openOnGpu(engine: GpuEngineName, { source, name }: Gpu): Promise<Contender> {
  switch (engine) {
    case 'residual-lab':
      return (await import('./contenders/residual-lab.ts')).openResidualLab(source)
    case 'tfjs-webgpu':
      return (await import('./contenders/tfjs.ts')).openTfjs('webgpu', source)
    case 'tfjs-webgl':
      return (await import('./contenders/tfjs.ts')).openTfjs('webgl', source)
    case 'jax-js':
      return (await import('./contenders/jax.ts')).openJaxWebgpu(name)
    default:
      return engine satisfies never
  }
}

async function openOnCpu(
  engine: CpuEngineName,
  threads: number,
  { openResidualLabCpu, openPytorch, tfjsWasmFiles }: Surroundings,
): Promise<Contender> {
  switch (engine) {
    case 'residual-lab-cpu':
      return openResidualLabCpu(threads)
    case 'pytorch-cpu':
      return openPytorch(threads)
    case 'jax-js-wasm':
      return (await import('./contenders/jax.ts')).openJaxWasm()
    case 'tfjs-cpu':
      return (await import('./contenders/tfjs.ts')).openTfjs('cpu', null)
    case 'tfjs-wasm':
      return (await import('./contenders/tfjs-wasm.ts')).openTfjsWasm(threads, tfjsWasmFiles)
    default:
      return engine satisfies never
  }
}
