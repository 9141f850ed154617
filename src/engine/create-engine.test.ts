import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { nodeCpuHost } from '../cli/device/node-cpu-host.ts'
import { AppError } from '../base/app-error.ts'
import type { CpuHost } from './cpu/threads/host.ts'
import { createEngine, type EngineOptions } from './create-engine.ts'
import type { Engine } from './engine.ts'
import type { GpuSource } from './webgpu-device.ts'

// Files share their modules (vitest.config.ts): this one needs its own, and leaves none behind.
vi.hoisted(() => vi.resetModules())
afterAll(() => {
  vi.doUnmock('./webgpu/webgpu-engine.ts')
  vi.resetModules()
})

/** Of a graphics card's engine only that it was opened. */
vi.mock('./webgpu/webgpu-engine.ts', () => ({
  createWebGpuEngine: async ({ info }: { readonly info: object }) => ({
    info: { ...info, engine: 'webgpu' },
    dispose: () => undefined,
  }),
}))

const opened: Engine[] = []
afterEach(() => {
  for (const engine of opened.splice(0)) engine.dispose()
})

async function open(options: Omit<EngineOptions, 'onFailure'>): Promise<Engine['info']> {
  const engine = await createEngine({ ...options, onFailure: () => undefined })
  opened.push(engine)
  return engine.info
}

/** A GPU with one adapter. @param description null where the browser does not say */
function gpuNamed(description: string | null, isFallbackAdapter = false) {
  const device = {
    addEventListener: () => undefined,
    lost: new Promise(() => undefined),
    destroy: () => undefined,
  }
  const requestDevice = vi.fn<() => Promise<unknown>>(async () => device)
  const adapter = {
    ...(description !== null && {
      info: { description, vendor: '', architecture: '', device: '', isFallbackAdapter },
    }),
    features: new Set<string>(),
    limits: {},
    requestDevice,
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- nobody uses more of an adapter than this
  const gpu = { requestAdapter: async () => adapter } as unknown as GpuSource
  return { gpu, requestDevice }
}

const NO_GPU = { requestAdapter: async () => null } satisfies GpuSource
const CPU = { host: nodeCpuHost, threads: 1 }
const WITHOUT_SIMD: CpuHost = { ...nodeCpuHost, load: async () => new Uint8Array() }

describe('the best engine', () => {
  test('is WebGPU where an adapter has no name, as in Chrome before 127', async () => {
    const { gpu } = gpuNamed(null)
    expect(await open({ gpu })).toMatchObject({ engine: 'webgpu', adapter: 'an adapter without a name' })
  })

  test('is the CPU engine where WebGPU fails as nobody foresaw, which is said', async () => {
    const gpu: GpuSource = { requestAdapter: () => Promise.reject(new TypeError('not in this version')) }
    const { engine, fallbackReasons } = await open({ gpu, cpu: CPU })
    expect(engine).toBe('cpu')
    expect(fallbackReasons).toEqual(['An engine did not start: not in this version.'])
  })

  test.each([
    ['llvmpipe (LLVM 15.0.7, 256 bits)', false],
    ['SwiftShader Device (Subzero)', false],
    ['an adapter of no known name', true],
  ])('is the CPU engine where the adapter is a program: %s', async (name, isFallback) => {
    const { gpu, requestDevice } = gpuNamed(name, isFallback)
    const info = await open({ gpu, cpu: CPU })
    expect(info.engine).toBe('cpu')
    expect(info.fallbackReasons).toEqual([
      `No graphics card: WebGPU’s adapter is ${name}, a program on the CPU.`,
    ])
    expect(requestDevice).not.toHaveBeenCalled()
  })

  test('is the CPU engine where there is no adapter', async () => {
    const info = await open({ gpu: NO_GPU, cpu: CPU })
    expect(info.engine).toBe('cpu')
    expect(info.fallbackReasons).toEqual([expect.stringMatching(/offers no adapter/)])
  })

  test('is WebGPU’s on a graphics card', async () => {
    const { gpu } = gpuNamed('GeForce 256')
    expect(await open({ gpu, cpu: CPU })).toMatchObject({ engine: 'webgpu', fallbackReasons: [] })
  })

  test('is the CPU engine where a graphics card gives no device', async () => {
    const { gpu, requestDevice } = gpuNamed('GeForce 256')
    requestDevice.mockRejectedValue(new Error('no device'))
    const info = await open({ gpu, cpu: CPU })
    expect(info.engine).toBe('cpu')
    expect(info.fallbackReasons).toEqual([expect.stringMatching(/GeForce 256 gave no WebGPU device/)])
  })

  test('is tfjs only where neither works, and says why of each', async () => {
    const info = await open({ gpu: NO_GPU, cpu: { host: WITHOUT_SIMD, threads: 1 } })
    expect(info).toMatchObject({ engine: 'tfjs', backend: 'cpu' })
    const [webgpu, cpu, webgl, ...others] = info.fallbackReasons
    expect(webgpu).toMatch(/offers no adapter/)
    expect(cpu).toMatch(/has no SIMD/)
    // Node has none.
    expect(webgl).toMatch(/WebGL/i)
    expect(others).toEqual([])
  })

  test('is not looked for behind a mistake of ours', async () => {
    const mistake = new TypeError('a mistake')
    const load = () => Promise.reject(mistake)
    const { fallbackReasons } = await open({
      gpu: NO_GPU,
      cpu: { host: { ...nodeCpuHost, load }, threads: 1 },
    })
    expect(fallbackReasons).toContain('An engine did not start: a mistake.')
  })
})

describe('the engine that was asked for', () => {
  test('is the CPU engine, whatever adapter there is', async () => {
    const { gpu, requestDevice } = gpuNamed('GeForce 256')
    expect(await open({ engine: 'cpu', gpu, cpu: CPU })).toMatchObject({ engine: 'cpu', fallbackReasons: [] })
    expect(requestDevice).not.toHaveBeenCalled()
  })

  test('is that one or none', async () => {
    await expect(open({ engine: 'webgpu', gpu: NO_GPU, cpu: CPU })).rejects.toMatchObject({
      code: 'device-unavailable',
    })
    await expect(open({ engine: 'cpu', gpu: NO_GPU })).rejects.toEqual(
      new AppError('device-unavailable', 'There is no CPU engine here.'),
    )
    await expect(open({ engine: 'cpu', cpu: { host: WITHOUT_SIMD, threads: 1 } })).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(/has no SIMD/),
    })
  })
})
