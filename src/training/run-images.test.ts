import { describe, expect, test } from 'vitest'
import { IMAGE_BYTES, type Split } from '../base/data-set.ts'
import { DATA_SETS } from '../base/data-set.ts'
import type { ImageSet } from '../data/image-set.ts'
import { loadRunImages } from './run-images.ts'

/** Image i has label i % 256 and every byte i % 256. */
async function numbered(_set: string, split: Split, limit: number | null): Promise<ImageSet> {
  const count = limit ?? DATA_SETS.builtin.images[split]
  const labels = Uint8Array.from({ length: count }, (_, i) => i)
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  for (let i = 0; i < count; i++) pixels.fill(i, i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES)
  return { count, labels, pixels, classNames: [] }
}

function load(seed: number, validation: { images: number } | null, limitTrain = 200) {
  return loadRunImages({ data: { set: 'builtin', limitTrain, limitTest: 7, validation }, seed }, numbered)
}

describe('images set aside', () => {
  test('and those trained on are all of the limited ones, each once', async () => {
    const { train, validation, test: tested } = await load(1, { images: 50 })
    expect([train.count, validation?.count, tested.count]).toEqual([150, 50, 7])
    const labels = [...train.labels, ...(validation?.labels ?? [])].toSorted((a, b) => a - b)
    expect(labels).toEqual(Array.from({ length: 200 }, (_, i) => i))
  })

  test('keep their pixels with their labels', async () => {
    const { train, validation } = await load(1, { images: 50 })
    for (const { labels, pixels } of [train, validation ?? train]) {
      labels.forEach((label, i) => expect(pixels[i * IMAGE_BYTES + 3000]).toBe(label))
    }
  })

  test('are drawn by the seed: the same again, and others for another', async () => {
    const labelsOf = async (seed: number) => (await load(seed, { images: 50 })).validation?.labels
    expect(await labelsOf(1)).toEqual(await labelsOf(1))
    expect(await labelsOf(1)).not.toEqual(await labelsOf(2))
  })

  test('come from all over the set', async () => {
    const labels = [...((await load(3, { images: 50 })).validation?.labels ?? [])]
    expect(Math.min(...labels)).toBeLessThan(30)
    expect(Math.max(...labels)).toBeGreaterThan(169)
  })
})

test('without a split every image trains, as it was loaded', async () => {
  const { train, validation } = await load(1, null)
  expect([train.count, validation]).toEqual([200, null])
})
