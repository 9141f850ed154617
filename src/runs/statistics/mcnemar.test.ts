import { describe, expect, test } from 'vitest'
import fixture from '../../testing/fixtures/mcnemar.json' with { type: 'json' }
import { agreementOf, mcnemarTest } from './mcnemar.ts'

describe('McNemar’s exact test agrees with scipy within 1e-6', () => {
  test.each(fixture)('$onlyFirst and $onlySecond of $n', ({ n, onlyFirst, onlySecond, ...expected }) => {
    const found = mcnemarTest({ n, onlyFirst, onlySecond, both: n - onlyFirst - onlySecond, neither: 0 })
    if (!found) throw new Error('the test is silent')
    expect(found.difference).toBeCloseTo(expected.difference, 12)
    // Small probabilities in their own proportion, as far as float64 has them.
    expect(Math.abs(found.p - expected.p)).toBeLessThanOrEqual(1e-6 * expected.p)
    for (const [i, bound] of found.interval.entries()) {
      expect(Math.abs(bound - (expected.interval[i] ?? NaN))).toBeLessThan(1e-6)
    }
  })
})

test('fewer than six images that tell two networks apart say nothing', () => {
  const agreement = { n: 10_000, onlyFirst: 5, onlySecond: 0, both: 9_995, neither: 0 }
  expect(mcnemarTest(agreement)).toBeNull()
  expect(mcnemarTest({ ...agreement, onlyFirst: 6, both: 9_994 })?.p).toBeCloseTo(2 * 0.5 ** 6, 12)
})

test('images are counted by which of the two is right', () => {
  const labels = Uint8Array.of(0, 1, 2, 3, 4, 5)
  const first = Uint8Array.of(0, 1, 2, 0, 0, 0)
  const second = Uint8Array.of(0, 0, 0, 3, 4, 1)
  expect(agreementOf(labels, first, second)).toEqual({
    n: 6,
    onlyFirst: 2,
    onlySecond: 2,
    both: 1,
    neither: 1,
  })
})
