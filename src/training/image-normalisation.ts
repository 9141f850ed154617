import type { Normalisation } from '../base/image-config.ts'
import type { ImageSet } from '../data/image-set.ts'
import { channelStatistics, meanImage } from '../data/pixel-statistics.ts'
import type { ImageNormalisation } from '../engine/engine.ts'

/** A config's normalisation with the values that it takes from the training images, which are asked for only then. */
export async function imageNormalisation(
  normalisation: Normalisation,
  trainingImages: () => Promise<ImageSet>,
): Promise<ImageNormalisation> {
  switch (normalisation.kind) {
    case 'channels':
    case 'image-mean':
      return normalisation
    case 'training-channels':
      return channelStatistics(await trainingImages())
    case 'pixel-mean':
      return { kind: 'pixel-mean', mean: meanImage(await trainingImages()) }
    default:
      return normalisation satisfies never
  }
}
