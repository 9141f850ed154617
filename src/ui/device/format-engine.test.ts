import { describe, expect, test } from 'vitest'
import type { Device } from '../../client/device/device-slice.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import type { EngineChoice } from '../../contract/engine-setting.ts'
import { deviceNotice } from './device-notice.tsx'
import { badgeText, badgeTone, engineReason, pendingText, threadsObstacle } from './format-engine.ts'

const NO_CARD = 'No graphics card: WebGPU’s adapter is SwiftShader, a program on the CPU.'
const CARD: DeviceInfo = {
  engine: 'webgpu',
  backend: 'webgpu',
  adapter: 'NVIDIA H200',
  software: false,
  activationFormats: ['f32'],
  fallbackReasons: [],
}
const SWIFTSHADER: DeviceInfo = { ...CARD, adapter: 'SwiftShader', software: true }
const CPU: DeviceInfo = {
  ...CARD,
  engine: 'cpu',
  backend: 'wasm',
  adapter: 'CPU, 2 threads, WebAssembly SIMD',
  software: true,
  threads: 2,
}
const TFJS: DeviceInfo = { ...CARD, engine: 'tfjs' }
const JAVASCRIPT: DeviceInfo = { ...TFJS, backend: 'cpu', adapter: 'JavaScript', software: true }

const ready = (info: DeviceInfo, engine: EngineChoice = 'auto'): Device => ({
  state: 'ready',
  info,
  setting: { engine, threads: null },
})

test.each<[DeviceInfo, string, ReturnType<typeof badgeTone>]>([
  [CARD, 'WebGPU · NVIDIA H200', 'good'],
  [SWIFTSHADER, 'WebGPU · SwiftShader · software', 'warn'],
  [CPU, 'CPU · 2 threads', 'good'],
  [{ ...CPU, threads: 1 }, 'CPU · 1 thread', 'good'],
  [TFJS, 'TensorFlow.js on WebGPU · NVIDIA H200', 'warn'],
  [JAVASCRIPT, 'TensorFlow.js on CPU · JavaScript', 'warn'],
])('the badge of %j', (info, text, tone) => {
  expect([badgeText(ready(info)), badgeTone(ready(info))]).toEqual([text, tone])
})

describe('why this engine', () => {
  test('was the best that works', () => {
    expect(engineReason(ready({ ...CPU, fallbackReasons: [NO_CARD] }), 'default')).toBe(NO_CARD)
    expect(engineReason(ready(CARD), 'default')).toBe('This machine has a graphics card.')
  })

  test('was chosen, here or by the address', () => {
    expect(engineReason(ready(CPU, 'cpu'), 'choice')).toBe('Chosen in this browser.')
    expect(engineReason(ready(CPU, 'cpu'), 'address')).toBe('Set in the address of this page.')
  })

  test('is slow where a program stands in for a graphics card', () => {
    expect(engineReason(ready(SWIFTSHADER, 'webgpu'), 'choice')).toMatch(/SwiftShader is a software adapter/)
  })

  test('is the failure where there is none', () => {
    const failure = { code: 'device-unavailable', message: 'No SIMD.', details: null } as const
    expect(engineReason({ state: 'failed', failure }, 'choice')).toBe('No SIMD.')
  })
})

test('threads can be chosen for the CPU engine, in a page that is isolated', () => {
  expect(threadsObstacle(ready(CPU), 'auto', true)).toBeNull()
  expect(threadsObstacle(ready(CARD), 'cpu', true)).toBeNull()
  expect(threadsObstacle(ready(CPU), 'auto', false)).toMatch(
    /^This page is not cross-origin isolated, .*npm start/,
  )
  for (const choice of ['auto', 'webgpu', 'tfjs'] as const) {
    expect(threadsObstacle(ready(CARD), choice, true)).toBe('Only the CPU engine uses threads.')
  }
})

test('while a session trains, another engine waits for the next one', () => {
  expect(pendingText('webgpu', true)).toBe(
    'Takes effect in the next session; the current one stays on WebGPU.',
  )
  expect(pendingText('webgpu', false)).toBe('Opening the engine.')
})

describe('the notice beside the controls', () => {
  test('says nothing of a graphics card, nor of an engine that was chosen', () => {
    expect(deviceNotice(CARD)).toBeNull()
    expect(deviceNotice(CPU)).toBeNull()
  })

  test('calls the CPU engine neither slow nor an error', () => {
    const notice = deviceNotice({ ...CPU, fallbackReasons: [NO_CARD] })
    expect(notice?.tone).toBe('plain')
    expect(notice?.text).not.toContain('slow')
  })

  test.each([SWIFTSHADER, JAVASCRIPT])('warns that %j is slow', (info) => {
    expect(deviceNotice(info)).toMatchObject({ tone: 'warn', text: expect.stringContaining('slow') })
  })
})
