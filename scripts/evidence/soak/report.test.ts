import { expect, test } from 'vitest'
import { slopeOf } from './report.ts'

const at = (value: (i: number) => number) =>
  Array.from({ length: 40 }, (_, i) => ({ hours: i / 10, value: value(i) }))

test('a line has its slope, and an interval of nothing', () => {
  const slope = slopeOf(at((i) => 5 + 0.3 * i))
  expect(slope?.perHour).toBeCloseTo(3, 10)
  expect(slope?.margin).toBeCloseTo(0, 10)
})

test('what goes up and down around a level has an interval that holds zero', () => {
  const slope = slopeOf(at((i) => 100 + ((i * 7) % 5)))
  expect(Math.abs(slope?.perHour ?? Number.NaN)).toBeLessThan(slope?.margin ?? 0)
})

test('fewer samples than blocks need have no slope', () => {
  expect(slopeOf(at((i) => i).slice(0, 5))).toBeNull()
})
