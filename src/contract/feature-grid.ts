// Which test images a network's last features answer to: mbsariyildiz's "feature relevance" grid
// (resnet-pytorch, src/select_by_feature.py), as plain data.
import { z } from 'zod'

/** Images on each side of a row. */
export const IMAGES_A_SIDE = 10

const rankedImageSchema = z.object({
  /** Place in the test split. */
  image: z.int().min(0),
  label: z.int().min(0),
  activation: z.number(),
})
export type RankedImage = z.infer<typeof rankedImageSchema>

const side = z.array(rankedImageSchema).max(IMAGES_A_SIDE)
const featureRowSchema = z.object({
  /** The images with the lowest activations, and those with the highest; both ascend. */
  lowest: side,
  highest: side,
  /** Standard deviation of the activation over all images that were ranked. */
  spread: z.number(),
  /** Of the highest, the share that are of the class most frequent among them; null where there are none. */
  purity: z.number().nullable(),
})
export type FeatureRow = z.infer<typeof featureRowSchema>

/** A row for each feature, in the order of the last linear layer's inputs. */
export const featureGridSchema = z.object({
  /** Test images that were looked at, from the first. */
  images: z.int(),
  features: z.array(featureRowSchema),
})
export type FeatureGrid = z.infer<typeof featureGridSchema>
