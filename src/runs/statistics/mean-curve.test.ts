import { expect, test } from 'vitest'
import { meanCurve } from './mean-curve.ts'
import { decimate } from '../series.ts'

const curve = (x: readonly number[], y: readonly number[]) => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
})

test('mean and deviation are over the runs that have the step, and n says how many they are', () => {
  const { x, y, spread } = meanCurve([
    curve([10, 20, 30], [1, 2, 3]),
    curve([10, 20], [3, 4]),
    curve([10, 15, 20], [5, 7, 9]),
  ])
  expect([...x]).toEqual([10, 15, 20, 30])
  expect([...y]).toEqual([3, 7, 5, 3])
  expect([...spread.n]).toEqual([3, 1, 3, 1])
  expect([...spread.sd]).toEqual([2, Number.NaN, expect.closeTo(Math.sqrt(13), 12), Number.NaN])
})

test('a value that is not finite is in no mean', () => {
  const { y, spread } = meanCurve([curve([1, 2], [1, Number.NaN]), curve([1, 2], [3, 5])])
  expect([...y]).toEqual([2, 5])
  expect([...spread.n]).toEqual([2, 1])
})

test('where no run has a value there is a gap', () => {
  const { y, spread } = meanCurve([curve([1], [Number.NaN])])
  expect([y[0], spread.n[0]]).toEqual([Number.NaN, 0])
})

test('thinning out keeps the spread of each point that stays', () => {
  const x = Array.from({ length: 4_000 }, (_, i) => i)
  const noisy = (salt: number) =>
    curve(
      x,
      x.map((i) => Math.sin(i * salt)),
    )
  const mean = meanCurve([noisy(1.1), noisy(1.7), curve([0, 1], [0, 0])])
  const thin = decimate(mean, { from: 0, to: 4_000 }, 200)
  expect(thin.x.length).toBeLessThanOrEqual(200)
  for (const [i, at] of thin.x.entries()) {
    expect([thin.y[i], thin.spread?.sd[i], thin.spread?.n[i]]).toEqual([
      mean.y[at],
      mean.spread.sd[at],
      mean.spread.n[at],
    ])
  }
})
