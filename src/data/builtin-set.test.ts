import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { DATA_SETS, IMAGE_BYTES, PLANE_BYTES, SPLITS } from '../base/data-set.ts'
import { BUILTIN_CLASS_NAMES, createBuiltinSet, generateBuiltinSet } from './builtin-set.ts'
import type { ImageSet } from './image-set.ts'
import { type Examples, fitSoftmaxRegression } from '../testing/data/softmax-regression.ts'

const sets = generateBuiltinSet()

const train = normalised(sets.train)
const unseen = normalised(sets.test)

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const imagesOf = ({ count, pixels }: ImageSet) =>
  Array.from({ length: count }, (_, i) => pixels.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES))

test('the pixels are the same bytes each time, and those that Chromium draws', () => {
  // The digests were also taken in a worker of Chromium 156.
  expect(sha256(sets.train.pixels)).toBe('3040ecb37f2ca42135cf166678ffa779848e0e2c4c14aad69a6fa528fb4cab8a')
  expect(sha256(sets.test.pixels)).toBe('c12597bcab7d20be57414f48b510d137c09cd004f335e50f65889c18c47c64bb')
})

test('images that are asked for little by little, and splits in turn, are those that are drawn at once', () => {
  const builtin = createBuiltinSet()
  for (const [split, count] of [
    ['test', 3],
    ['train', 25],
    ['train', 7],
    ['test', 40],
    ['train', 31],
  ] as const) {
    const first = builtin.first(split, count)
    expect(first.count).toBe(count)
    expect(first.labels).toEqual(sets[split].labels.subarray(0, count))
    expect(sha256(first.pixels)).toBe(sha256(sets[split].pixels.subarray(0, count * IMAGE_BYTES)))
  }
})

test('both splits have the announced size and one name a class', () => {
  for (const split of SPLITS) {
    const { count, pixels, labels, classNames } = sets[split]
    expect(count).toBe(DATA_SETS.builtin.images[split])
    expect(labels).toHaveLength(count)
    expect(pixels).toHaveLength(count * IMAGE_BYTES)
    expect(classNames).toEqual(BUILTIN_CLASS_NAMES)
  }
  expect(new Set(BUILTIN_CLASS_NAMES).size).toBe(DATA_SETS.builtin.classes)
})

test('labels go round the classes in order', () => {
  for (const { labels } of [sets.train, sets.test]) {
    for (let i = 0; i < labels.length; i += 10) {
      expect([...labels.subarray(i, i + 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  }
})

test('no image comes twice, in one split or in both', () => {
  const digests = new Set([...imagesOf(sets.train), ...imagesOf(sets.test)].map(sha256))
  expect(digests.size).toBe(sets.train.count + sets.test.count)
})

test('the published channel means and deviations are those of the training pixels', () => {
  const { mean, std } = DATA_SETS.builtin.pixels
  for (const channel of [0, 1, 2] as const) {
    const measured = channelMoments(sets.train, channel)
    expect(mean[channel]).toBeCloseTo(measured.mean, 4)
    expect(std[channel]).toBeCloseTo(measured.std, 4)
  }
})

test('the mean colour does not give the class away', () => {
  const regression = fitSoftmaxRegression(meanColours(train), { rate: 0.1, epochs: 5 })
  expect(regression.accuracy(meanColours(unseen))).toBeLessThan(0.2)
})

test('a linear model of the pixels stays far under 60 % on the test split', { timeout: 60_000 }, () => {
  const regression = fitSoftmaxRegression(train, { rate: 0.001, epochs: 3 })
  // It is far from chance on the images that it has seen, so it did learn what a linear model can.
  expect(regression.accuracy(train)).toBeGreaterThan(0.3)
  expect(regression.accuracy(unseen)).toBeLessThan(0.3)
})

test('the same linear model finds a linear rule of the pixels', { timeout: 60_000 }, () => {
  const regression = fitSoftmaxRegression(byRedderHalf(train), { rate: 0.001, epochs: 1 })
  expect(regression.accuracy(byRedderHalf(unseen))).toBeGreaterThan(0.85)
})

function normalised({ pixels, labels }: ImageSet): Examples {
  const { mean, std } = DATA_SETS.builtin.pixels
  const values = new Float32Array(pixels.length)
  for (let start = 0; start < pixels.length; start += PLANE_BYTES) {
    const channel = (start / PLANE_BYTES) % 3
    const middle = 255 * (mean[channel] ?? 0)
    const deviation = 255 * (std[channel] ?? 1)
    for (let at = start; at < start + PLANE_BYTES; at++) values[at] = ((pixels[at] ?? 0) - middle) / deviation
  }
  return { values, labels }
}

function meanOf(values: Float32Array): number {
  let total = 0
  for (const value of values) total += value
  return total / values.length
}

/** Class 1 where the upper half is redder than the lower one, else class 0. */
function byRedderHalf({ values, labels }: Examples): Examples {
  const half = PLANE_BYTES / 2
  const redder = labels.map((_, image) => {
    const start = image * IMAGE_BYTES
    const upper = meanOf(values.subarray(start, start + half))
    return upper > meanOf(values.subarray(start + half, start + PLANE_BYTES)) ? 1 : 0
  })
  return { values, labels: redder }
}

/** One value a plane: three an image. */
function meanColours({ values, labels }: Examples): Examples {
  const planes = Array.from({ length: values.length / PLANE_BYTES }, (_, plane) =>
    meanOf(values.subarray(plane * PLANE_BYTES, (plane + 1) * PLANE_BYTES)),
  )
  return { values: Float32Array.from(planes), labels }
}

function channelMoments({ pixels }: ImageSet, channel: number): { mean: number; std: number } {
  let count = 0
  let total = 0
  let squares = 0
  for (let start = channel * PLANE_BYTES; start < pixels.length; start += IMAGE_BYTES) {
    for (const byte of pixels.subarray(start, start + PLANE_BYTES)) {
      total += byte
      squares += byte * byte
    }
    count += PLANE_BYTES
  }
  const mean = total / count
  return { mean: mean / 255, std: Math.sqrt(squares / count - mean * mean) / 255 }
}
