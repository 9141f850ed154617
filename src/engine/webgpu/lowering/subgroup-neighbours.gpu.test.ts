import { describe, expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import { subgroupsAreQuads } from './subgroup-neighbours.ts'

describe('four neighbouring threads', () => {
  const device = useTestDevice(['subgroups'])
  test('are a quad on llvmpipe', async () => {
    expect(await subgroupsAreQuads(device())).toBe(true)
  })
})

describe('on a device without subgroups', () => {
  const device = useTestDevice()
  test('they are none', async () => {
    expect(await subgroupsAreQuads(device())).toBe(false)
  })
})
