import { expect, test } from 'vitest'
import { extent, linearAxis, logAxis, robustExtent, ticksWithin } from './axis.ts'

test('a linear axis begins and ends on round ticks around the values', () => {
  expect(linearAxis({ low: 0.13, high: 2.31 }, 5)).toEqual({
    domain: { low: 0, high: 2.5 },
    ticks: [0, 0.5, 1, 1.5, 2, 2.5],
  })
})

test('ticks are free of floating-point tails', () => {
  expect(linearAxis({ low: 0.1, high: 0.3 }, 2).ticks).toEqual([0.1, 0.2, 0.3])
})

test('an axis over one single value still has a length', () => {
  const { domain } = linearAxis({ low: 0.1, high: 0.1 }, 4)
  expect(domain.low).toBeLessThanOrEqual(0.1)
  expect(domain.high).toBeGreaterThan(domain.low)
})

test('an axis that counts has no tick between whole values', () => {
  expect(linearAxis({ low: 0, high: 3 }, 6, 1).ticks).toEqual([0, 1, 2, 3])
})

test('the ticks of a window lie inside it', () => {
  expect(ticksWithin({ low: 130, high: 512 }, 4)).toEqual([200, 300, 400, 500])
})

test('a log axis over less than a hundredfold has ticks at 1, 2 and 5', () => {
  expect(logAxis({ low: 0.03, high: 2.3 })).toEqual({
    domain: { low: 0.02, high: 5 },
    ticks: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
  })
})

test('a log axis over more than that is marked at powers of ten alone', () => {
  expect(logAxis({ low: 0.0003, high: 0.1 })).toEqual({
    domain: { low: 0.0002, high: 0.1 },
    ticks: [0.001, 0.01, 0.1],
  })
})

test('the extent leaves out gaps and, for a log axis, what is not positive', () => {
  const values = [Float64Array.of(Number.NaN, 0, 3), Float64Array.of(0.5)]
  expect(extent(values, false)).toEqual({ low: 0, high: 3 })
  expect(extent(values, true)).toEqual({ low: 0.5, high: 3 })
  expect(extent([new Float64Array()], false)).toBeNull()
})

test('a loss that squeezes all others is left outside; one that has its place is not', () => {
  const falling = Float64Array.from({ length: 500 }, (_, i) => 2.5 / (1 + i / 50))
  expect(robustExtent([falling, Float64Array.of(906, 2.1, 1.2)])).toEqual({ low: falling.at(-1), high: 2.5 })
  expect(robustExtent([falling, Float64Array.of(4.5, 2.1, 1.2)])).toEqual({ low: falling.at(-1), high: 4.5 })
  expect(robustExtent([new Float64Array()])).toBeNull()
})

test('values that are all alike, and a few, keep their own extent', () => {
  expect(robustExtent([Float64Array.of(2, 2, 2, 2)])).toEqual({ low: 2, high: 2 })
  expect(robustExtent([Float64Array.of(1, 5)])).toEqual({ low: 1, high: 5 })
})
