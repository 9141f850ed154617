// Which images a step sees, and how they are changed. Both follow from the seed and the step's number alone, so a run
// that resumes at a step sees what an uninterrupted one would have seen.
import { IMAGE_BYTES } from '../base/data-set.ts'
import { createRandom, type Random } from '../base/random.ts'
import type { AugmentationConfig } from '../base/image-config.ts'
import type { RunConfig } from '../config/run-config.ts'
import { stepsPerEpoch } from '../config/schedule.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Batch, BatchAugmentation } from '../engine/engine.ts'

export type Sampler = {
  readonly stepsPerEpoch: number
  /** The batch of a step, 0-based. Every epoch passes over all images in a new order; its last batch may be smaller. */
  batchAt(step: number): Batch
}

export function createSampler(
  images: ImageSet,
  { batchSize, seed, augmentation }: Pick<RunConfig, 'batchSize' | 'seed' | 'augmentation'>,
): Sampler {
  const perEpoch = stepsPerEpoch(images.count, batchSize)
  let order = { epoch: -1, indices: new Uint32Array(0) }

  return {
    stepsPerEpoch: perEpoch,
    batchAt(step) {
      const epoch = Math.floor(step / perEpoch)
      if (order.epoch !== epoch)
        order = { epoch, indices: shuffle(images.count, createRandom(seed, `order/${epoch}`)) }
      const from = (step % perEpoch) * batchSize
      const indices = order.indices.subarray(from, from + batchSize)
      return {
        ...gather(images, indices),
        augmentation: drawAugmentation(augmentation, indices.length, seed, step),
      }
    },
  }
}

/** Images by index, unchanged. */
export function gather(images: ImageSet, indices: ArrayLike<number>): Batch {
  const size = indices.length
  const pixels = new Uint8Array(size * IMAGE_BYTES)
  const labels = new Uint8Array(size)
  for (let i = 0; i < size; i++) {
    const from = (indices[i] ?? 0) * IMAGE_BYTES
    pixels.set(images.pixels.subarray(from, from + IMAGE_BYTES), i * IMAGE_BYTES)
    labels[i] = images.labels[indices[i] ?? 0] ?? 0
  }
  return { size, pixels, labels, augmentation: null }
}

/** How each of a step's images is rotated, cropped and flipped; null where the config changes nothing. */
export function drawAugmentation(
  { rotation, cropPadding, cropReachesEnd, flip }: AugmentationConfig,
  size: number,
  seed: number,
  step: number,
): BatchAugmentation | null {
  if (rotation === 0 && cropPadding === 0 && !flip) return null
  const random = createRandom(seed, `augment/${step}`)
  const offsets = Math.max(1, 2 * cropPadding + (cropReachesEnd ? 1 : 0))
  const offset = () => random.below(offsets)
  return {
    padding: cropPadding,
    left: new Uint8Array(size).map(offset),
    top: new Uint8Array(size).map(offset),
    flip: new Uint8Array(size).map(() => (flip ? random.below(2) : 0)),
    rotation: rotation === 0 ? null : new Float32Array(size).map(() => rotation * (2 * random.uniform() - 1)),
  }
}

/** 0 … count − 1 in a random order (Fisher–Yates). */
export function shuffle(count: number, random: Random): Uint32Array<ArrayBuffer> {
  const indices = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const moved = indices[i] ?? 0
    indices[i] = indices[j] ?? 0
    indices[j] = moved
  }
  return indices
}
