import { describe, expect, test } from 'vitest'
import { createRandom } from '../base/random.ts'
import { decimate, lastAtOrBefore, pointsWithin, smooth, type Curve } from './series.ts'

const curveOf = (values: readonly number[]): Curve => ({
  x: Float64Array.from(values, (_, i) => i + 1),
  y: Float64Array.from(values),
})
const whole = ({ x }: Curve) => ({ from: 0, to: x.length })

/** A falling loss with noise. */
function noisyCurve(count: number): Curve {
  const random = createRandom(7, 'series')
  return curveOf(Array.from({ length: count }, (_, i) => 2.3 / (1 + i / 500) + 0.3 * random.uniform()))
}

describe('smoothing', () => {
  test('the debiased average of 1, 2, 4 at weight 0.5 is 1, 5/3, 3', () => {
    // 0.5; 0.25 + 1 = 1.25; 0.625 + 2 = 2.625, over 0.5, 0.75, 0.875.
    const smoothed = smooth(Float64Array.of(1, 2, 4), 0.5)
    expect([...smoothed]).toEqual([1, expect.closeTo(5 / 3, 12), 3])
  })

  test('weight 0 changes nothing', () => {
    expect([...smooth(Float64Array.of(3, 1, 2), 0)]).toEqual([3, 1, 2])
  })

  test('a constant stays that constant from the first point on, however strong the smoothing', () => {
    for (const value of smooth(new Float64Array(50).fill(2.3), 0.99)) expect(value).toBeCloseTo(2.3, 10)
  })

  test('a gap stays a gap and the average goes on as if it had not been', () => {
    const smoothed = smooth(Float64Array.of(1, Number.NaN, 2, 4), 0.5)
    expect([...smoothed]).toEqual([1, Number.NaN, expect.closeTo(5 / 3, 12), 3])
  })
})

describe('finding points', () => {
  const steps = Float64Array.of(10, 20, 30, 40, 50)

  test('the last point at or before a step', () => {
    expect([9, 10, 19, 20, 50, 99].map((at) => lastAtOrBefore(steps, at))).toEqual([-1, 0, 0, 1, 4, 4])
  })

  test('a window reaches one point beyond either edge', () => {
    expect(pointsWithin(steps, 25, 35)).toEqual({ from: 1, to: 4 })
  })

  test('a window over everything is everything', () => {
    expect(pointsWithin(steps, 0, 100)).toEqual({ from: 0, to: 5 })
  })

  test('a window of an empty curve is empty', () => {
    expect(pointsWithin(new Float64Array(), 0, 100)).toEqual({ from: 0, to: 0 })
  })
})

describe('thinning out', () => {
  test('a curve within the limit keeps every point', () => {
    const curve = curveOf([3, 1, 2, 5, 4])
    expect(decimate(curve, whole(curve), 8)).toEqual(curve)
  })

  test.each([501, 999, 1000, 4096, 64_000])('%i points become at most 500, and more than 200', (count) => {
    const curve = noisyCurve(count)
    const { length } = decimate(curve, whole(curve), 500).x
    expect(length).toBeLessThanOrEqual(500)
    expect(length).toBeGreaterThan(200)
  })

  test('one spike among 64,000 points survives, at its own step', () => {
    const curve = noisyCurve(64_000)
    curve.y[12_345] = 90
    curve.y[54_321] = -90
    const { x, y } = decimate(curve, whole(curve), 500)
    expect(x[y.indexOf(90)]).toBe(12_346)
    expect(x[y.indexOf(-90)]).toBe(54_322)
  })

  test('first and last points stay, and steps ascend strictly', () => {
    const curve = noisyCurve(5_003)
    const { x } = decimate(curve, whole(curve), 300)
    expect([x[0], x.at(-1)]).toEqual([1, 5_003])
    expect(x.every((step, i) => i === 0 || step > (x[i - 1] ?? Infinity))).toBe(true)
  })

  test('as a curve grows, what was drawn of its past stays as it was', () => {
    const curve = noisyCurve(6_000)
    const before = decimate(curve, { from: 0, to: 5_500 }, 500)
    const after = decimate(curve, whole(curve), 500)
    // All but the last bucket (of 32) and the end point.
    const settled = before.x.filter((step) => step <= 5_500 - 32)
    expect([...after.x.subarray(0, settled.length)]).toEqual([...settled])
  })

  test('only points of the range are taken', () => {
    const curve = noisyCurve(5_000)
    const { x } = decimate(curve, { from: 1_000, to: 3_000 }, 100)
    expect([x[0], x.at(-1)]).toEqual([1_001, 3_000])
  })

  test('gaps are left out, also at the ends', () => {
    const curve = curveOf([Number.NaN, 1, Number.NaN, 2, Number.NaN])
    expect([...decimate(curve, whole(curve), 8).x]).toEqual([2, 4])
  })

  test('a curve of gaps alone becomes empty', () => {
    const curve = curveOf([Number.NaN, Number.NaN])
    expect(decimate(curve, whole(curve), 8).x).toHaveLength(0)
  })
})
