// From training images to the matrix that whitens them.
import type { WhiteningConfig } from '../../contract/image-config.ts'
import type { ImageSet } from '../../data/image-set.ts'
import type { ImageNormalisation, Whitening } from '../../engine/engine.ts'
import { inputMoments } from './input-moments.ts'
import type { Pause } from './pause.ts'
import { pixelProducts, pixelSums } from './pixel-products.ts'
import { whiteningOf } from './whitening.ts'

export type WhiteningOrder = {
  /** The training images. */
  readonly images: Pick<ImageSet, 'count' | 'pixels'>
  readonly normalisation: ImageNormalisation
  readonly whitening: WhiteningConfig
}

/** Computes a whitening, or has it already. What `pause` throws ends it. */
export type Whiten = (order: WhiteningOrder, pause: Pause) => Promise<Whitening>

/** The time that the products of an image's bytes take, of that of everything after the products (docs/whitening.md). */
const TIME_AN_IMAGE = 3e-5

/** On this thread, for minutes. */
export const computeWhitening: Whiten = async ({ images, normalisation, whitening }, pause) => {
  const time = TIME_AN_IMAGE * images.count
  const share = time / (1 + time)
  const products = await pixelProducts(images, (done) => pause(share * done))
  const moments = { images: images.count, sums: pixelSums(images), products }
  return whiteningOf(inputMoments(moments, normalisation), whitening, (done) =>
    pause(share + (1 - share) * done),
  )
}
