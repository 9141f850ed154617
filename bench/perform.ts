// A benchmark or a profile on the GPU at hand, in a page or in Node.
import { AppError } from '../src/contract/app-error.ts'
import { describeAdapter, type GpuSource, isSoftwareAdapter } from '../src/engine/webgpu-device.ts'
import type { Contender, EngineName } from './contender.ts'
import type { BenchEvent } from './events.ts'
import type { NetworkName } from './networks.ts'
import { runBenchmark } from './run-benchmark.ts'
import { runProfile } from './run-profile.ts'
import type { Slices } from './schedule.ts'

export type BenchOrder = {
  readonly measure: 'speed' | 'kernels'
  readonly networks: readonly NetworkName[]
  readonly engines: readonly EngineName[]
  /** Images of a step; null to follow the adapter. */
  readonly batch: number | null
  readonly slices: Slices
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

/** @param gpu null where there is no WebGPU @throws AppError `device-unavailable` */
export async function perform(
  order: BenchOrder,
  gpu: GpuSource | null,
  emit: (event: BenchEvent) => void,
): Promise<void> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!gpu || !adapter) {
    throw new AppError('device-unavailable', 'There is no WebGPU adapter here; `npm run setup` installs one.')
  }
  const name = describeAdapter(adapter.info)
  const isSoftware = adapter.info.isFallbackAdapter || isSoftwareAdapter(name)
  const batch = order.batch ?? (isSoftware ? SOFTWARE_BATCH : GRAPHICS_CARD_BATCH)
  emit({
    kind: 'machine',
    adapter: name,
    limits: Object.fromEntries(LIMITS_TOLD.map((limit) => [limit, adapter.limits[limit]])),
    features: FEATURES_TOLD.filter((feature) => adapter.features.has(feature)),
    batch,
  })
  const { networks, engines, slices } = order
  if (order.measure === 'kernels') return runProfile({ networks, batch }, gpu, emit)
  return runBenchmark(
    { ...slices, networks, engines, batch },
    { emit, now: () => performance.now(), open: (engine) => openContender(engine, gpu, name) },
  )
}

/** Loads an engine's library only where it takes part. */
async function openContender(engine: EngineName, gpu: GpuSource, adapter: string): Promise<Contender> {
  switch (engine) {
    case 'residual-lab':
      return (await import('./contenders/residual-lab.ts')).openResidualLab(gpu)
    case 'tfjs-webgpu':
      return (await import('./contenders/tfjs.ts')).openTfjs('webgpu', gpu)
    case 'tfjs-webgl':
      return (await import('./contenders/tfjs.ts')).openTfjs('webgl', gpu)
    case 'jax-js':
      return (await import('./contenders/jax.ts')).openJax(adapter)
    default:
      return engine satisfies never
  }
}
