import { describe, expect, test } from 'vitest'
import fixture from '../../testing/fixtures/depth-slopes.json' with { type: 'json' }
import { depthSlopes } from './depth-slopes.ts'

describe('slopes agree with statsmodels within 1e-9', () => {
  test.each(fixture)('p of the difference $difference.p', ({ values, degrees, ...expected }) => {
    const found = depthSlopes(values)
    expect(found?.degrees).toBe(degrees)
    for (const side of ['with', 'without', 'difference'] as const) {
      const { slope, interval, p } = expected[side]
      expect(found?.[side].slope).toBeCloseTo(slope, 9)
      expect(found?.[side].interval[0]).toBeCloseTo(interval[0] ?? NaN, 9)
      expect(found?.[side].interval[1]).toBeCloseTo(interval[1] ?? NaN, 9)
      expect((found?.[side].p ?? NaN) / p).toBeCloseTo(1, 6)
    }
  })
})

const run = (depth: number, identity: boolean, accuracy: number) => ({ depth, identity, accuracy })

test('one depth on a side says nothing', () => {
  expect(
    depthSlopes([
      run(8, true, 80),
      run(20, true, 82),
      run(8, false, 80),
      run(8, false, 81),
      run(8, false, 82),
    ]),
  ).toBeNull()
})

test('four runs fit their lines and say nothing of the spread', () => {
  expect(depthSlopes([run(8, true, 80), run(20, true, 82), run(8, false, 80), run(20, false, 79)])).toBeNull()
})
