import { expect, test } from 'vitest'
import { createRandom, restoreRandom } from './random.ts'

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw)

test('the same seed and stream give the same sequence', () => {
  const a = createRandom(7, 'order')
  const b = createRandom(7, 'order')
  expect(draws(50, () => a.uniform())).toEqual(draws(50, () => b.uniform()))
})

test('another seed or another stream gives another sequence, also where seeds differ only above 32 bits', () => {
  const first = (seed: number, stream: string) => createRandom(seed, stream).uniform()
  const all = [
    first(7, 'order'),
    first(8, 'order'),
    first(7, 'augment'),
    first(7 + 2 ** 32, 'order'),
    first(0, 'order'),
  ]
  expect(new Set(all).size).toBe(all.length)
})

test('a generator restored from a state goes on where it was', () => {
  const random = createRandom(3, 'augment')
  draws(11, () => random.uniform())
  const restored = restoreRandom(random.state())
  expect(draws(20, () => restored.below(9))).toEqual(draws(20, () => random.below(9)))
})

test('integers below a bound are spread evenly', () => {
  const random = createRandom(1, 'spread')
  const counts = Array.from({ length: 9 }, () => 0)
  for (let i = 0; i < 90_000; i++) {
    const drawn = random.below(9)
    counts[drawn] = (counts[drawn] ?? 0) + 1
  }
  // χ² with 8 degrees of freedom: 26.1 has probability 0.001.
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  expect(chiSquared).toBeLessThan(26.1)
})

test('normal draws have mean 0, variance 1 and the tails of a normal distribution', () => {
  const random = createRandom(2, 'normal')
  const values = draws(100_000, () => random.normal())
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length
  // Four standard errors each.
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length))
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length))
  expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(4 * Math.sqrt(0.0455 / values.length))
})
