import { expect, test } from 'vitest'
import type { DeviceInfo } from '../contract/device-info.ts'
import { assertStores } from './assert-stores.ts'

const INFO: Omit<DeviceInfo, 'activationFormats'> = {
  engine: 'webgpu',
  backend: 'webgpu',
  adapter: 'SwiftShader',
  software: true,
  fallbackReasons: [],
}

test('an engine refuses a format of activations that it does not have', () => {
  expect(() => assertStores({ ...INFO, activationFormats: ['f32'] }, 'f16')).toThrow(
    expect.objectContaining({
      code: 'config-invalid',
      message: expect.stringMatching(/as f16, and the webgpu engine on SwiftShader stores f32; .*shader-f16/),
    }),
  )
  assertStores({ ...INFO, activationFormats: ['f32'] }, 'f32')
  assertStores({ ...INFO, activationFormats: ['f32', 'f16'] }, 'f16')
})
