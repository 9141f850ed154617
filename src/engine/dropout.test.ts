import { describe, expect, test } from 'vitest'
import { dropoutFactors } from './dropout.ts'

const DRAW = { seed: 11, step: 5, layer: 0, rate: 0.25 }
const IMAGES = 128
const CHANNELS = 66

const dropped = (draw: typeof DRAW) =>
  Array.from(dropoutFactors(draw, IMAGES, CHANNELS), (factor) => factor === 0)

test('a channel is dropped with the rate’s probability, and the others make up for it', () => {
  for (const rate of [0.02, 0.25, 0.5]) {
    const draws = Array.from({ length: 10 }, (_, step) => dropped({ ...DRAW, rate, step })).flat()
    const share = draws.filter(Boolean).length / draws.length
    expect(Math.abs(share - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / draws.length))
    const kept = new Set(dropoutFactors({ ...DRAW, rate }, IMAGES, CHANNELS))
    expect(kept).toEqual(new Set([0, Math.fround(1 / (1 - rate))]))
  }
})

test('a rate of 0 drops nothing and changes nothing', () => {
  expect(new Set(dropoutFactors({ ...DRAW, rate: 0 }, IMAGES, CHANNELS))).toEqual(new Set([1]))
})

test('the same run, step and layer drop the same channels, however many images and channels there are', () => {
  const factors = dropoutFactors(DRAW, IMAGES, CHANNELS)
  expect(dropoutFactors(DRAW, IMAGES, CHANNELS)).toEqual(factors)
  expect(dropoutFactors(DRAW, 3, CHANNELS)).toEqual(factors.slice(0, 3 * CHANNELS))
  expect(dropoutFactors(DRAW, 1, 5)).toEqual(factors.slice(0, 5))
})

describe('two draws agree as often as chance has it', () => {
  const agreement = (a: readonly boolean[], b: readonly boolean[]) =>
    a.filter((value, i) => value === b[i]).length / a.length
  const expected = DRAW.rate ** 2 + (1 - DRAW.rate) ** 2
  const limit = 4 * Math.sqrt((expected * (1 - expected)) / (IMAGES * CHANNELS))
  const first = dropped(DRAW)

  test.each([
    { what: 'seeds', other: dropped({ ...DRAW, seed: 12 }) },
    { what: 'seeds above 32 bits', other: dropped({ ...DRAW, seed: 11 + 2 ** 32 }) },
    { what: 'steps', other: dropped({ ...DRAW, step: 6 }) },
    { what: 'layers', other: dropped({ ...DRAW, layer: 1 }) },
    { what: 'images', other: [...first.slice(CHANNELS), ...first.slice(0, CHANNELS)] },
    { what: 'channels', other: [...first.slice(1), ...first.slice(0, 1)] },
  ])('for neighbouring $what', ({ other }) => {
    expect(Math.abs(agreement(first, other) - expected)).toBeLessThan(limit)
  })
})
