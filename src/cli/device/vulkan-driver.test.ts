import { afterEach, expect, test, vi } from 'vitest'
import { findVulkanDriver } from './vulkan-driver.ts'

afterEach(() => vi.unstubAllEnvs())

test('the driver that the environment names comes before any other', () => {
  vi.stubEnv('VK_DRIVER_FILES', '/opt/driver.json')
  expect(findVulkanDriver()).toMatchObject({ kind: 'environment', file: '/opt/driver.json' })
})

test('the loader’s old variable counts as well', () => {
  vi.stubEnv('VK_DRIVER_FILES', '')
  vi.stubEnv('VK_ICD_FILENAMES', '/opt/old.json')
  expect(findVulkanDriver()).toMatchObject({ kind: 'environment', file: '/opt/old.json' })
})
