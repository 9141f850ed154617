import { expect, test } from 'vitest'
import { bytes, bytesPerSecond, duration, flops, imageRate } from './quantities.ts'

/** As a person reads it: a thin space is a space. */
const read = (text: string) => text.replaceAll('\u202f', ' ')

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [170_052_171, '170.1 MB'],
  [999_960_000, '1.0 GB'],
])('%d bytes are written %s', (value, text) => {
  expect(read(bytes(value))).toBe(text)
})

test('speeds and operations carry their units', () => {
  expect(read(bytesPerSecond(5_300_000))).toBe('5.3 MB/s')
  expect(read(flops(81_600_000))).toBe('81.6 MFLOP')
})

test.each([
  [0, '0:00:00'],
  [59.6, '0:01:00'],
  [3_725.4, '1:02:05'],
  [90_000, '25:00:00'],
  [-3, '0:00:00'],
  [null, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%s seconds are written %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test.each([
  [8.25, '8.3'],
  [1_234.5, '1,235'],
  [null, '–'],
])('%s images a second are written %s', (value, text) => {
  expect(imageRate(value)).toBe(text)
})
