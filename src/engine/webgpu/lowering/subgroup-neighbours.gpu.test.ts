import { describe, expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import { neighboursAreQuads } from './subgroup-neighbours.ts'

describe('four neighbouring threads', () => {
  const device = useTestDevice(['subgroups'])
  test('are a quad on llvmpipe', async () => {
    expect(await neighboursAreQuads(device())).toBe(true)
  })
})

describe('on a device without subgroups', () => {
  const device = useTestDevice()
  test('they are none', async () => {
    expect(await neighboursAreQuads(device())).toBe(false)
  })
})
