import { expect, test } from 'vitest'
import { fractionOf, scaledWindow, stepAt, windowFrom } from './plot-geometry.ts'

const axis = (low: number, high: number, scale: 'linear' | 'log') => ({
  domain: { low, high },
  ticks: [],
  scale,
})

test('a value has its place on a linear and on a log axis', () => {
  expect(fractionOf(1, axis(0, 4, 'linear'))).toBe(0.25)
  expect(fractionOf(0.1, axis(0.001, 10, 'log'))).toBeCloseTo(0.5, 12)
})

test('a pointer reads the nearest whole step, and never one outside the window', () => {
  const window = { low: 100, high: 200 }
  expect([0, 126, 500, 999, -10].map((offset) => stepAt(offset, 500, window))).toEqual([
    100, 125, 200, 200, 100,
  ])
})

test('dragging to the left selects the same window as dragging to the right', () => {
  expect(windowFrom(30, 10)).toEqual({ low: 10, high: 30 })
})

test('a drag over less than two steps selects nothing', () => {
  expect(windowFrom(10, 11)).toBeNull()
})

test('zooming in keeps the step under the cursor in its place', () => {
  // 30 is at 30 % of 0 … 100 and stays at 30 % of 15 … 65.
  expect(scaledWindow({ low: 0, high: 100 }, 30, 0.5, { low: 0, high: 100 })).toEqual({ low: 15, high: 65 })
})

test('zooming out beyond the whole gives up the window', () => {
  expect(scaledWindow({ low: 15, high: 65 }, 30, 4, { low: 0, high: 100 })).toBeNull()
})

test('zooming in stops before nothing is left', () => {
  const window = { low: 10, high: 12 }
  expect(scaledWindow(window, 11, 0.25, { low: 0, high: 100 })).toEqual(window)
})
