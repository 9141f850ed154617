// How images become a network's input, as plain data: augmentation and normalisation.
import { z } from 'zod'

const channels = z.tuple([z.number(), z.number(), z.number()])

export const channelNormalisationSchema = z.strictObject({
  kind: z.literal('channels'),
  /** Of pixel values divided by 255; red, green, blue. */
  mean: channels,
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
})
export type ChannelNormalisation = z.infer<typeof channelNormalisationSchema>

const normalisationKindsSchema = z.discriminatedUnion('kind', [
  channelNormalisationSchema,
  /** With the mean and deviation of each channel over the run's own training images. */
  z.strictObject({ kind: z.literal('training-channels') }),
  /** Each image minus its own mean, a single number. */
  z.strictObject({ kind: z.literal('image-mean') }),
  /** Each image minus the mean of the run's training images, pixel by pixel. */
  z.strictObject({ kind: z.literal('pixel-mean') }),
])

/** Files written before there were several kinds name none. */
export const normalisationSchema = z.preprocess(
  (value) =>
    typeof value === 'object' && value !== null && !('kind' in value)
      ? { kind: 'channels', ...value }
      : value,
  normalisationKindsSchema,
)
export type Normalisation = z.infer<typeof normalisationSchema>

export const whiteningKindsSchema = z.discriminatedUnion('kind', [
  /** iavicenna's: of the second moments, summed over the training images; 1e-5 is added to their eigenvalues. */
  z.strictObject({ kind: z.literal('author') }),
  /** The textbook's: of the covariance, and each pixel's mean is subtracted. */
  z.strictObject({
    kind: z.literal('covariance'),
    /** Added to the variances, of which the least would otherwise be scaled up the most. */
    epsilon: z.number().min(1e-8).max(100),
  }),
])
export type WhiteningConfig = z.infer<typeof whiteningKindsSchema>

/** The textbook's, with an ε of a hundredth of a normalised pixel's variance. */
export const TEXTBOOK_WHITENING: WhiteningConfig = { kind: 'covariance', epsilon: 0.01 }

export const WHITENING_KINDS = ['none', 'author', 'covariance'] as const

/** The whitening of a kind, as it is before anyone changes it. */
export function whiteningOfKind(kind: (typeof WHITENING_KINDS)[number]): WhiteningConfig | null {
  switch (kind) {
    case 'none':
      return null
    case 'author':
      return { kind }
    case 'covariance':
      return TEXTBOOK_WHITENING
    default:
      return kind satisfies never
  }
}

/** ZCA: what becomes of normalised images, augmented or not; null for nothing. */
export const whiteningSchema = whiteningKindsSchema.nullable()

export const augmentationConfigSchema = z.strictObject({
  /** Rotation by up to so many degrees either way, before everything else; 0 for none. */
  rotation: z.number().min(0).max(180).default(0),
  /** Zero padding, in pixels, from which a random 32×32 crop is cut; 0 for no crop. */
  cropPadding: z.int().min(0).max(16),
  /** False where the furthest offset, twice the padding, is never drawn. */
  cropReachesEnd: z.boolean().default(true),
  /** Horizontal flip of half the images. */
  flip: z.boolean(),
})
export type AugmentationConfig = z.infer<typeof augmentationConfigSchema>
