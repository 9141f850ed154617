import { afterEach, expect, test } from 'vitest'
import { createTfjsEngine } from './tfjs-engine.ts'
import { describeAdapter, isSoftwareAdapter } from '../webgpu-device.ts'

/** What a browser has whose driver is on its blocklist. */
const gpuWithoutAdapter = { requestAdapter: async () => null }

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'isSecureContext')
})

test('without WebGPU and WebGL the CPU is used, and each backend before it says why not', async () => {
  const engine = await createTfjsEngine()
  expect(engine.info).toEqual({
    engine: 'tfjs',
    backend: 'cpu',
    adapter: 'JavaScript on the CPU',
    software: true,
    activationFormats: ['f32'],
    fallbackReasons: [
      expect.stringContaining('does not offer WebGPU'),
      expect.stringContaining('WebGL is not available'),
    ],
  })
  engine.dispose()
})

test('an insecure page is told that WebGPU needs a secure one', async () => {
  Object.defineProperty(globalThis, 'isSecureContext', { value: false, configurable: true })
  const engine = await createTfjsEngine()
  expect(engine.info.fallbackReasons[0]).toContain('secure page')
  engine.dispose()
})

test('a GPU without an adapter is told from a missing one', async () => {
  const engine = await createTfjsEngine({ gpu: gpuWithoutAdapter })
  expect(engine.info.fallbackReasons[0]).toContain('no adapter')
  engine.dispose()
})

test('a backend that was asked for is used or refused, never replaced', async () => {
  await expect(createTfjsEngine({ backend: 'webgpu', gpu: gpuWithoutAdapter })).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringContaining('no adapter'),
  })
  await expect(createTfjsEngine({ backend: 'webgl' })).rejects.toMatchObject({ code: 'device-unavailable' })
})

test.each([
  ['SwiftShader driver 5.0.0', true],
  ['google swiftshader', true],
  ['llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)', true],
  ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)', true],
  ['Microsoft Basic Render Driver', true],
  ['NVIDIA GeForce RTX 4090', false],
  ['apple metal-3', false],
  ['Intel(R) Iris(R) Xe Graphics', false],
])('%s: a program on the CPU: %s', (name, software) => {
  expect(isSoftwareAdapter(name)).toBe(software)
})

test('an adapter is named by its description, or else by vendor and architecture', () => {
  const info = { vendor: 'apple', architecture: 'metal-3', device: '', description: '' }
  expect(describeAdapter({ ...info, description: 'Apple M1 Max' })).toBe('Apple M1 Max')
  expect(describeAdapter(info)).toBe('apple metal-3')
})
