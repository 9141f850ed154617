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
  const lowest = Array.from({ length: features }, () => createShortlist((a, b) => a < b))
  const highest = Array.from({ length: features }, () => createShortlist((a, b) => a > b))
  const spreads = Array.from({ length: features }, createSpread)
  let images = 0
  return {
    add(activations, labels) {
      for (const [i, label] of labels.entries()) {
        const image = images++
        for (let feature = 0; feature < features; feature++) {
          const activation = activations[i * features + feature] ?? Number.NaN
          if (!Number.isFinite(activation)) continue
          const ranked = { image, label, activation }
          lowest[feature]?.add(ranked)
          highest[feature]?.add(ranked)
          spreads[feature]?.add(activation)
        }
      }
    },
    finish: () => ({
      images,
      features: spreads.map((spread, feature): FeatureRow => {
        const tops = highest[feature]?.ascending() ?? []
        return {
          lowest: lowest[feature]?.ascending() ?? [],
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
    add(ranked: RankedImage): void {
      const last = best.at(-1)
      if (best.length === IMAGES_A_SIDE && last && !isBetter(ranked.activation, last.activation)) return
      const place = best.findIndex(({ activation }) => isBetter(ranked.activation, activation))
      best.splice(place === -1 ? best.length : place, 0, ranked)
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
