import { expect, test } from 'vitest'
import { count, loss, percentOf, plain, rate, signedCount, signedPoints, tick } from './curve-values.ts'

test('a share carries two decimals, its unit and its n', () => {
  expect(percentOf(0.8125, 1000)).toBe('81.25\u202f% of 1,000')
})

test('counts are grouped by thousands', () => {
  expect(count(64_000)).toBe('64,000')
})

test('differences carry their sign, and none when they are written as 0', () => {
  expect([0.0125, -0.0125, 0, -0.00001].map(signedPoints)).toEqual(['+1.25', '\u22121.25', '0.00', '0.00'])
  expect([1200, -3, 0].map(signedCount)).toEqual(['+1,200', '\u22123', '0'])
})

test('a rate has three significant digits', () => {
  expect([0.1, 0.012345, 0.00000012345].map(rate)).toEqual(['0.1', '0.0123', '1.23e-7'])
})

test('a number of any size fits', () => {
  expect([0.41234, 906.5, 822599382728704, Infinity].map(loss)).toEqual(['0.4123', '906.5000', '8.2e14', '∞'])
  expect([0.05, 2000, 3e14].map(tick)).toEqual(['0.05', '2000', '3e14'])
  expect([64_000, 2e9].map(plain)).toEqual(['64,000', '2e9'])
})
