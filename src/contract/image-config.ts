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
