import { describe, expect, test } from 'vitest'
import fixture from '../../testing/fixtures/welch.json' with { type: 'json' }
import paired from '../../testing/fixtures/paired.json' with { type: 'json' }
import { meanAndSd, pairedTest, welchTest } from './statistics.ts'

test('the standard deviation is the sample’s, of n − 1', () => {
  expect(meanAndSd([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, mean: 5, sd: Math.sqrt(32 / 7) })
})

test('one value has a mean and no deviation', () => {
  expect(meanAndSd([8.75])).toEqual({ n: 1, mean: 8.75, sd: null })
})

describe('Welch’s t agrees with scipy within 1e-6', () => {
  test.each(fixture)('p = $p', ({ first, second, ...expected }) => {
    const found = welchTest(first, second)
    if (!found) throw new Error('the test is silent')
    const values = [found.p, found.t, found.degrees, found.difference, found.hedgesG, ...found.interval]
    const answers = [expected.p, expected.t, expected.degrees, expected.difference, expected.hedgesG]
    for (const [i, answer] of [...answers, ...expected.interval].entries()) {
      expect(Math.abs((values[i] ?? NaN) - answer)).toBeLessThan(1e-6 * Math.max(1, Math.abs(answer)))
    }
    // Small probabilities in their own proportion.
    expect(Math.abs(found.p / expected.p - 1)).toBeLessThan(1e-6)
  })
})

test('fewer than three values a group say nothing', () => {
  expect(welchTest([8.5, 8.7], [13, 15, 12])).toBeNull()
  expect(welchTest([8.5, 8.7, 8.6], [13, 15])).toBeNull()
})

test('groups without any spread say nothing', () => {
  expect(welchTest([1, 1, 1], [2, 2, 2])).toBeNull()
})

describe('Student’s t of pairs agrees with scipy within 1e-6', () => {
  test.each(paired)('p = $p', ({ pairs, ...expected }) => {
    const found = pairedTest(pairs.map(([first = NaN, second = NaN]) => [first, second] as const))
    if (!found) throw new Error('the test is silent')
    expect(found.n).toBe(pairs.length)
    const values = [found.p, found.t, found.difference, found.hedgesG, ...found.interval]
    const answers = [expected.p, expected.t, expected.difference, expected.hedgesG, ...expected.interval]
    for (const [i, answer] of answers.entries()) {
      expect(Math.abs((values[i] ?? NaN) - answer)).toBeLessThan(1e-6 * Math.max(1, Math.abs(answer)))
    }
  })
})

test('two pairs, and pairs that all differ by the same, say nothing', () => {
  expect(
    pairedTest([
      [1, 2],
      [2, 4],
    ]),
  ).toBeNull()
  expect(
    pairedTest([
      [1, 2],
      [2, 3],
      [3, 4],
    ]),
  ).toBeNull()
})
