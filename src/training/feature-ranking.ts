// Of each feature the images with the lowest and the highest activations, from batches as they come.
import {
  type FeatureGrid,
  type FeatureRow,
  IMAGES_A_SIDE,
  type RankedImage,
} from '../contract/feature-grid.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Trainer } from '../engine/engine.ts'
import { batchesOf } from './evaluate.ts'

/**
 * Ranks all images of a set by what the network's last linear layer is given, with running statistics and without
 * augmentation.
 * @param features how many those are
 * @param between awaited before each batch with the images done so far
 */
export async function rankFeatures(
  trainer: Pick<Trainer, 'features'>,
  images: ImageSet,
  features: number,
  between: (done: number) => Promise<void>,
): Promise<FeatureGrid> {
  const ranking = createFeatureRanking(features)
  for await (const batch of batchesOf(images, between)) {
    ranking.add(await trainer.features(batch), batch.labels)
  }
  return ranking.finish()
}

export type FeatureRanking = {
  /** The next images' activations, labels.length × features. One that is not finite ranks nowhere. */
  add(activations: Float32Array, labels: Uint8Array): void
  finish(): FeatureGrid
}

/** Of equal activations the earlier image goes before the later, on both sides. */
export function createFeatureRanking(features: number): FeatureRanking {
  const rows = Array.from({ length: features }, () => ({
    lowest: createShortlist((a, b) => a < b),
    highest: createShortlist((a, b) => a > b),
    spread: createSpread(),
  }))
  let images = 0
  return {
    add(activations, labels) {
      // A feature at a time: what is kept of it stays in the processor's cache.
      for (const [feature, { lowest, highest, spread }] of rows.entries()) {
        for (const [i, label] of labels.entries()) {
          const activation = activations[i * features + feature] ?? Number.NaN
          if (!Number.isFinite(activation)) continue
          lowest.add(images + i, label, activation)
          highest.add(images + i, label, activation)
          spread.add(activation)
        }
      }
      images += labels.length
    },
    finish: () => ({
      images,
      features: rows.map(({ lowest, highest, spread }): FeatureRow => {
        const tops = highest.ascending()
        return {
          lowest: lowest.ascending(),
          highest: tops,
          spread: spread.deviation(),
          purity: purityOf(tops),
        }
      }),
    }),
  }
}

/** The best few so far, the best first. An image that is not better than another goes behind it. */
function createShortlist(isBetter: (one: number, other: number) => boolean) {
  const best: RankedImage[] = []
  return {
    add(image: number, label: number, activation: number): void {
      const last = best[IMAGES_A_SIDE - 1]
      // Nearly always, so it costs nothing.
      if (last && !isBetter(activation, last.activation)) return
      const place = best.findIndex((other) => isBetter(activation, other.activation))
      best.splice(place === -1 ? best.length : place, 0, { image, label, activation })
      if (best.length > IMAGES_A_SIDE) best.pop()
    },
    ascending: () => best.toSorted((a, b) => a.activation - b.activation || a.image - b.image),
  }
}

/** Standard deviation in one pass (Welford, Technometrics 4(3), 1962). */
function createSpread() {
  let [n, mean, squares] = [0, 0, 0]
  return {
    add(value: number): void {
      n++
      const difference = value - mean
      mean += difference / n
      squares += difference * (value - mean)
    },
    deviation: () => (n === 0 ? 0 : Math.sqrt(squares / n)),
  }
}

function purityOf(images: readonly RankedImage[]): number | null {
  if (images.length === 0) return null
  const counts = new Map<number, number>()
  for (const { label } of images) counts.set(label, (counts.get(label) ?? 0) + 1)
  return Math.max(...counts.values()) / images.length
}
