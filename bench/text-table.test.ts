import { expect, test } from 'vitest'
import { formatNumber } from './text-table.ts'

test.each([
  [0, '0'],
  [12_345.6, '12,346'],
  [100, '100'],
  [99.96, '100'],
  [42.25, '42.3'],
  [2.34567, '2.35'],
  [0.25, '0.250'],
  [0.00123, '0.001'],
])('%d is written %s: three digits, and at most three decimals', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})
