import { expect, test } from 'vitest'
import { bandOf, bandPath } from './band.ts'

const AREA = { width: 100, height: 50 }
const axis = (low: number, high: number, scale: 'linear' | 'log' = 'linear') => ({
  domain: { low, high },
  ticks: [],
  scale,
})
const MEAN = {
  x: Float64Array.of(0, 5, 10, 20),
  y: Float64Array.of(2, 2, 2, 3),
  spread: { sd: Float64Array.of(1, 2, Number.NaN, 1), n: Float64Array.of(2, 2, 1, 2) },
}

const ANYTHING = { low: -Infinity, high: Infinity }

test('a band is one deviation to either side of the mean', () => {
  expect(bandOf(MEAN, ANYTHING)).toEqual({
    low: Float64Array.of(1, 0, Number.NaN, 2),
    high: Float64Array.of(3, 4, Number.NaN, 4),
  })
})

test('a band ends where such values do', () => {
  expect(bandOf(MEAN, { low: 0.5, high: 3.5 })).toEqual({
    low: Float64Array.of(1, 0.5, Number.NaN, 2),
    high: Float64Array.of(3, 3.5, Number.NaN, 3.5),
  })
  const possible = { ...axis(-2, 6), possible: { low: 0, high: 4 } }
  const drawn = bandPath({ ...MEAN, y: Float64Array.of(2, 1, 2, 3) }, axis(0, 20), possible, AREA)
  // −1 would be at 43.8.
  expect(drawn).toBe('M0.0,18.8L25.0,18.8L25.0,37.5L0.0,31.3Z')
})

test('it is drawn over stretches of several runs, there along the top and back along the bottom', () => {
  expect(bandPath(MEAN, axis(0, 20), axis(0, 4), AREA)).toBe('M0.0,12.5L25.0,0.0L25.0,50.0L0.0,37.5Z')
})

test('on a log axis a band that reaches 0 ends at the axis’ low end', () => {
  expect(bandPath(MEAN, axis(0, 20), axis(1, 4, 'log'), AREA)).toBe('M0.0,10.4L25.0,0.0L25.0,50.0L0.0,50.0Z')
})

test('a single run has no band', () => {
  const { x, y } = MEAN
  expect([bandOf({ x, y }, ANYTHING), bandPath({ x, y }, axis(0, 20), axis(0, 4), AREA)]).toEqual([null, ''])
})
