import { expect, test } from 'vitest'
import { aboveAxis, wholeAxis, yAxis } from './chart-axes.ts'

const series = { run: 'a', label: 'A', description: '', colour: 'a', dashed: false } as const
const lineOf = (y: readonly number[], sd: number | null = null) => ({
  key: 'a',
  series,
  part: 'train' as const,
  curve: {
    x: Float64Array.from(y, (_, i) => i + 1),
    y: Float64Array.from(y),
    ...(sd !== null && {
      spread: { sd: new Float64Array(y.length).fill(sd), n: new Float64Array(y.length).fill(3) },
    }),
  },
})
const USUAL = { log: false, showsAll: false }

test('the axis is as long as the run will be, and ends at a round step where it went on', () => {
  expect(wholeAxis(10, 188)).toEqual({ low: 0, high: 188 })
  expect(wholeAxis(188, 188)).toEqual({ low: 0, high: 188 })
  expect(wholeAxis(189, 188)).toEqual({ low: 0, high: 200 })
})

test.each([
  ['loss', 3, 500, Infinity],
  ['accuracy', 0.9, 0.6, 1],
] as const)('bands of %s take the axis to no value that there cannot be', (quantity, value, sd, most) => {
  const { domain } = yAxis([lineOf([value, value / 2], sd)], quantity, USUAL)
  expect(domain.low).toBeGreaterThanOrEqual(0)
  expect(domain.high).toBeLessThanOrEqual(most)
})

test('a loss far above the others lies above the axis, and is counted; shown, nothing does', () => {
  const lines = [lineOf([...Array.from({ length: 99 }, (_, i) => 2 + i / 100), 906])]
  const usual = yAxis(lines, 'loss', USUAL)
  expect(usual.domain.high).toBeLessThan(5)
  expect(aboveAxis(lines, usual)).toEqual({ points: 1, highest: 906 })
  expect(aboveAxis(lines, yAxis(lines, 'loss', { ...USUAL, showsAll: true }))).toBeNull()
  expect(aboveAxis(lines, yAxis(lines, 'loss', { ...USUAL, log: true }))).toBeNull()
})
