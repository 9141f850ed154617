import { expect, test } from 'vitest'
import { marksPath, pointsOf, stairsPath, straightPath } from './line-path.ts'

const AREA = { width: 100, height: 50 }
const axis = (low: number, high: number, scale: 'linear' | 'log' = 'linear') => ({
  domain: { low, high },
  ticks: [],
  scale,
})

test('steps run to the right and values upwards', () => {
  const curve = { x: Float64Array.of(0, 5, 10), y: Float64Array.of(0, 2, 4) }
  expect(pointsOf(curve, axis(0, 10), axis(0, 4), AREA)).toEqual([
    { x: 0, y: 50 },
    { x: 50, y: 25 },
    { x: 100, y: 0 },
  ])
})

test('a log axis leaves out a rate of 0', () => {
  const curve = { x: Float64Array.of(0, 10), y: Float64Array.of(0.1, 0) }
  expect(pointsOf(curve, axis(0, 10), axis(0.01, 0.1, 'log'), AREA)).toEqual([{ x: 0, y: 0 }])
})

const PLACES = [
  { x: 0, y: 10 },
  { x: 5, y: 20 },
  { x: 20, y: 0 },
]

test('a straight line goes from point to point', () => {
  expect(straightPath(PLACES)).toBe('M0.0,10.0L5.0,20.0L20.0,0.0')
})

test('stairs stay level until the next point', () => {
  expect(stairsPath(PLACES)).toBe('M0.0,10.0H5.0V20.0H20.0V0.0')
})

test('marks that would run together are left out', () => {
  expect(marksPath(PLACES)).toBe('M0.0,10.0h0M20.0,0.0h0')
})
