import { describe, expect, test } from 'vitest'
import { IMAGE_BYTES } from '../base/data-set.ts'
import type { ImageSet } from '../data/image-set.ts'
import { createSampler, drawAugmentation } from './sampler.ts'

/** Image i has label i and every byte i. */
function numbered(count: number): ImageSet {
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  for (let i = 0; i < count; i++) pixels.fill(i, i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES)
  return { count, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i), classNames: [] }
}

const NONE = { rotation: 0, cropPadding: 0, cropReachesEnd: true, flip: false }
const CROP_AND_FLIP = { ...NONE, cropPadding: 4, flip: true }
const samplerOf = (seed: number, augmentation = NONE) =>
  createSampler(numbered(23), { batchSize: 5, seed, augmentation })
const labelsOf = (seed: number, steps: readonly number[]) => {
  const sampler = samplerOf(seed)
  return steps.map((step) => Array.from(sampler.batchAt(step).labels))
}

test('an epoch shows every image once, the last batch being smaller', () => {
  const labels = labelsOf(1, [0, 1, 2, 3, 4])
  expect(labels.map((batch) => batch.length)).toEqual([5, 5, 5, 5, 3])
  expect(labels.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, i) => i))
})

test('each epoch has an order of its own, and so has each seed', () => {
  expect(labelsOf(1, [0, 1, 2, 3, 4])).not.toEqual(labelsOf(1, [5, 6, 7, 8, 9]))
  expect(labelsOf(1, [0])).not.toEqual(labelsOf(2, [0]))
})

test('a step’s batch depends on its number alone: asked for out of order it is the same', () => {
  const straight = labelsOf(1, [0, 1, 2, 3, 4, 5, 6])
  const [six, two] = labelsOf(1, [6, 2])
  expect(six).toEqual(straight[6])
  expect(two).toEqual(straight[2])
})

test('pixels travel with their labels', () => {
  const { pixels, labels } = samplerOf(3).batchAt(1)
  labels.forEach((label, i) => {
    expect(new Set(pixels.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES))).toEqual(new Set([label]))
  })
})

describe('augmentation', () => {
  test('is absent where the config changes nothing', () => {
    expect(samplerOf(1).batchAt(0).augmentation).toBeNull()
  })

  test('is the same for the same seed and step, and differs between steps', () => {
    const draw = (step: number) => samplerOf(1, CROP_AND_FLIP).batchAt(step).augmentation
    expect(draw(3)).toEqual(draw(3))
    expect(draw(3)).not.toEqual(draw(4))
  })

  test('crops reach every offset from 0 to twice the padding, and half the images are flipped', () => {
    const drawn = drawAugmentation(CROP_AND_FLIP, 4000, 1, 0)
    expect(new Set(drawn?.left)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]))
    expect(new Set(drawn?.top)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]))
    const flipped = drawn?.flip.reduce((sum, flip) => sum + flip, 0) ?? 0
    // Four standard deviations of a fair coin.
    expect(Math.abs(flipped - 2000)).toBeLessThan(4 * Math.sqrt(1000))
  })

  test('where crops do not reach the end, the offset of twice the padding is never drawn', () => {
    const drawn = drawAugmentation({ ...CROP_AND_FLIP, cropReachesEnd: false }, 4000, 1, 0)
    expect(new Set(drawn?.left)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
    expect(new Set(drawn?.top)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
  })

  test('rotations fill the range either way, and change no other draw', () => {
    const drawn = drawAugmentation({ ...CROP_AND_FLIP, rotation: 5 }, 4000, 1, 0)
    const angles = Array.from(drawn?.rotation ?? [])
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-5)
    expect(Math.max(...angles)).toBeLessThanOrEqual(5)
    expect(Math.min(...angles)).toBeLessThan(-4.9)
    expect(Math.max(...angles)).toBeGreaterThan(4.9)
    expect({ ...drawn, rotation: null }).toEqual(drawAugmentation(CROP_AND_FLIP, 4000, 1, 0))
  })

  test('without flip no image is flipped; without padding none is moved', () => {
    expect(new Set(drawAugmentation({ ...NONE, cropPadding: 4 }, 100, 1, 0)?.flip)).toEqual(new Set([0]))
    expect(new Set(drawAugmentation({ ...NONE, flip: true }, 100, 1, 0)?.left)).toEqual(new Set([0]))
  })
})
