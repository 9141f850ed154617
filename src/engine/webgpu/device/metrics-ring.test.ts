import { expect, test } from 'vitest'
import { createMetricsRing } from './metrics-ring.ts'

test('steps since the last release are released once, in order', () => {
  const ring = createMetricsRing(8)
  expect([ring.take(), ring.take(), ring.take()]).toEqual([0, 1, 2])
  expect(ring.release()).toEqual([{ first: 0, count: 3 }])
  expect(ring.release()).toEqual([])
  expect(ring.take()).toBe(3)
})

test('a range that closes the circle comes as two, the older steps first', () => {
  const ring = createMetricsRing(4)
  for (let i = 0; i < 3; i++) ring.take()
  ring.release()
  expect([ring.take(), ring.take(), ring.take()]).toEqual([3, 0, 1])
  expect(ring.release()).toEqual([
    { first: 3, count: 1 },
    { first: 0, count: 2 },
  ])
})

test('a step that would overwrite an unread one is refused', () => {
  const ring = createMetricsRing(2)
  ring.take()
  ring.take()
  expect(() => ring.take()).toThrow(/2 steps were taken without a drain/)
  ring.release()
  expect(ring.take()).toBe(0)
})
