// What both compiled engines decode, and compare with `decodeBatch`.
import { IMAGE_BYTES } from '../../base/data-set.ts'
import { createRandom } from '../../base/random.ts'
import type { Batch, ImageNormalisation } from '../../engine/engine.ts'
import { noise } from '../webgpu/test-noise.ts'

export const NORMALISATIONS: readonly ImageNormalisation[] = [
  { kind: 'channels', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  { kind: 'image-mean' },
  { kind: 'pixel-mean', mean: Float32Array.from(noise(IMAGE_BYTES, 5)) },
]

export function randomBatch(size: number, padding: number | null, turns: boolean): Batch {
  const random = createRandom(1, 'decode test')
  const bytes = (length: number, bound: number) => Uint8Array.from({ length }, () => random.below(bound))
  return {
    size,
    pixels: bytes(size * IMAGE_BYTES, 256),
    labels: bytes(size, 100),
    augmentation:
      padding === null
        ? null
        : {
            rotation: turns ? Float32Array.from({ length: size }, () => 90 * random.uniform() - 45) : null,
            padding,
            left: bytes(size, 2 * padding + 1),
            top: bytes(size, 2 * padding + 1),
            flip: bytes(size, 2),
          },
  }
}
