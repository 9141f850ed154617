import { expect, test } from 'vitest'
import type { DeviceInfo } from './device-info.ts'
import { enginesOf } from './run-record.ts'
import { formatTrainedEngines, withEngine } from './trained-engines.ts'

const WEBGPU = { engine: 'webgpu', fromStep: 0 } as const

test('an engine that goes on with its own run is listed once', () => {
  expect(withEngine([WEBGPU], 'webgpu', 500)).toEqual([WEBGPU])
})

test('an engine that trained no step is not listed', () => {
  const changed = withEngine([WEBGPU], 'cpu', 500)
  expect(changed).toEqual([WEBGPU, { engine: 'cpu', fromStep: 500 }])
  expect(withEngine(changed, 'tfjs', 500)).toEqual([WEBGPU, { engine: 'tfjs', fromStep: 500 }])
  expect(withEngine(changed, 'webgpu', 500)).toEqual([WEBGPU])
})

test('the list in words says from which step on each engine trained', () => {
  expect(formatTrainedEngines([])).toBeNull()
  expect(formatTrainedEngines(withEngine([WEBGPU], 'cpu', 500))).toBe(
    'WebGPU, from step 501 on the CPU engine',
  )
  expect(formatTrainedEngines(withEngine([], 'cpu', 500))).toBe(
    'not recorded, from step 501 on the CPU engine',
  )
})

test('a run of an earlier version was trained with the engine of its device, once it has taken a step', () => {
  const device: DeviceInfo = {
    engine: 'webgpu',
    backend: 'webgpu',
    adapter: 'a card',
    software: false,
    activationFormats: ['f32'],
    fallbackReasons: [],
  }
  expect(enginesOf({ engines: [], device, steps: 10 })).toEqual([WEBGPU])
  expect(enginesOf({ engines: [], device, steps: 0 })).toEqual([])
  expect(enginesOf({ engines: [], device: null, steps: 10 })).toEqual([])
})
