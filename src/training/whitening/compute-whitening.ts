// From training images to the matrix that whitens them.
import type { WhiteningConfig } from '../../base/image-config.ts'
import type { Engine, ImageNormalisation, PixelImages, Whitening } from '../../engine/engine.ts'
import { inputMoments, type PixelMoments } from './input-moments.ts'
import type { Pause } from './pause.ts'
import { pixelProducts, pixelSums } from './pixel-products.ts'
import { whiteningOf } from './whitening.ts'

export type WhiteningOrder = {
  /** The training images. */
  readonly images: PixelImages
  readonly normalisation: ImageNormalisation
  readonly whitening: WhiteningConfig
}

/** Computes a whitening, or has it already. What `pause` throws ends it. */
export type Whiten = (order: WhiteningOrder, engine: Engine, pause: Pause) => Promise<Whitening>

/** What the CPU has to do of an order: all of it, or what follows the moments. */
export type WhiteningWork = Omit<WhiteningOrder, 'images'> & { readonly from: PixelImages | PixelMoments }
export type ComputeWhitening = (work: WhiteningWork, pause: Pause) => Promise<Whitening>

/** The time that an image's products take, of that of all that follows them (docs/whitening.md). */
const TIME_AN_IMAGE = { onDevice: 1e-5, onCpu: 3e-5 }

/** Lets the engine read the images where it can. @param compute on this thread or another */
export function whitenWith(compute: ComputeWhitening): Whiten {
  return async ({ images, ...order }, engine, pause) => {
    if (!engine.pixelProducts) return compute({ from: images, ...order }, pause)
    const [ofProducts, ofRest] = inTwoParts(pause, images.count * TIME_AN_IMAGE.onDevice)
    const products = await engine.pixelProducts(images, ofProducts)
    return compute({ from: { count: images.count, sums: pixelSums(images), products }, ...order }, ofRest)
  }
}

/** On this thread, for minutes. */
export const computeWhitening: ComputeWhitening = async ({ from, normalisation, whitening }, pause) => {
  const [ofProducts, ofRest] =
    'products' in from ? [pause, pause] : inTwoParts(pause, from.count * TIME_AN_IMAGE.onCpu)
  const moments = 'products' in from ? from : await pixelMoments(from, ofProducts)
  return whiteningOf(inputMoments(moments, normalisation), whitening, ofRest)
}

async function pixelMoments(images: PixelImages, pause: Pause): Promise<PixelMoments> {
  return { count: images.count, sums: pixelSums(images), products: await pixelProducts(images, pause) }
}

/** One pause for two parts, of which the first takes `time` where the second takes 1. */
function inTwoParts(pause: Pause, time: number): [Pause, Pause] {
  const share = time / (1 + time)
  return [(done) => pause(share * done), (done) => pause(share + (1 - share) * done)]
}
