import { z } from 'zod'

const perClassSchema = z.object({
  /** Of the images classed so, the share that are; null where none were classed so. */
  precision: z.number().nullable(),
  /** Of the images that are, the share classed so; null where the class has no image. */
  recall: z.number().nullable(),
  /** Harmonic mean of the two; null where both are. */
  f1: z.number().nullable(),
  /** Images of the class. */
  support: z.int(),
})
export type PerClass = z.infer<typeof perClassSchema>

/** What one pass over a test set tells. */
export const evaluationSchema = z.object({
  total: z.int(),
  correct: z.int(),
  /** correct ÷ total, 0 … 1. */
  accuracy: z.number(),
  /** Mean cross-entropy without label smoothing, natural logarithm. */
  loss: z.number(),
  /** Counts, [true class][predicted class]. */
  confusion: z.array(z.array(z.int())),
  perClass: z.array(perClassSchema),
})
export type Evaluation = z.infer<typeof evaluationSchema>

/** What each test image is, and what it was taken for: class indices, in the order of the test set. */
export const answersSchema = z
  .object({ labels: z.instanceof(Uint8Array), predicted: z.instanceof(Uint8Array) })
  .refine(({ labels, predicted }) => labels.length === predicted.length, 'not one answer for each label')
export type Answers = z.infer<typeof answersSchema>
