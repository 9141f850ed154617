import { DATA_SET_IDS, DATA_SETS } from '../../../base/data-set.ts'
import type { ChannelNormalisation, Normalisation } from '../../../base/image-config.ts'

type Named = {
  readonly id: string
  readonly text: string
  readonly note: string
  readonly normalisation: Normalisation
}

/** How images are commonly normalised. */
export const NORMALISATIONS: readonly Named[] = [
  ...DATA_SET_IDS.map((set) => named(set, DATA_SETS[set].title, DATA_SETS[set].pixels)),
  named('imagenet', 'ImageNet, as akamaster', {
    kind: 'channels',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  }),
  {
    id: 'training-channels',
    text: 'Training images in use',
    note: 'mean and standard deviation per channel',
    normalisation: { kind: 'training-channels' },
  },
  {
    id: 'image-mean',
    text: 'Per image',
    note: 'subtract the mean of the image',
    normalisation: { kind: 'image-mean' },
  },
  {
    id: 'pixel-mean',
    text: 'Mean training image',
    note: 'subtract it per pixel',
    normalisation: { kind: 'pixel-mean' },
  },
]

/** The id of one of `NORMALISATIONS`; null for other constants. */
export function nameOfNormalisation(normalisation: Normalisation): string | null {
  const text = JSON.stringify(normalisation)
  return NORMALISATIONS.find((other) => JSON.stringify(other.normalisation) === text)?.id ?? null
}

function named(id: string, text: string, normalisation: ChannelNormalisation): Named {
  const { mean, std } = normalisation
  return { id, text, note: `mean ${mean.join(' ')} · std ${std.join(' ')}`, normalisation }
}
