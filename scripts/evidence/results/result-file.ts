// One file of docs/results/: a config's runs over their seeds, as numbers that can be drawn and tested again.
import { z } from 'zod'
import { runConfigSchema } from '../../../src/config/run-config.ts'

const curveSchema = z.array(
  z.object({
    epoch: z.int(),
    trainLoss: z.number(),
    /** In %, the mean over the epoch's steps, on augmented images. */
    trainError: z.number(),
    testLoss: z.number(),
    /** In %. */
    testAccuracy: z.number(),
  }),
)

/** Lists have an entry for each seed, in the order of `seeds`; accuracies and errors are in %. */
export const resultFileSchema = z.object({
  name: z.string(),
  /** Of the first seed. */
  config: runConfigSchema,
  identity: z.boolean(),
  seeds: z.array(z.int()),
  epochs: z.int(),
  /** On all test images, after the last epoch. */
  testAccuracy: z.array(z.number()),
  /** Over the last epoch. */
  trainError: z.array(z.number()),
  /** Processor time of training and evaluating, threads added up. */
  seconds: z.array(z.number()),
  engine: z.string(),
  commit: z.string(),
  curves: z.array(curveSchema),
  /** What each test image was taken for after the last epoch: a byte an image, in base64. */
  answers: z.array(z.string()),
})
export type ResultFile = z.infer<typeof resultFileSchema>
