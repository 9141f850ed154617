// What the training worker and its whitening thread tell each other.
import { z } from 'zod'
import { failureSchema } from '../contract/failure.ts'
import { channelNormalisationSchema, whiteningKindsSchema } from '../base/image-config.ts'

const bytes = z.instanceof(Uint8Array)
const floats = z.instanceof(Float32Array<ArrayBuffer>)

const doubles = z.instanceof(Float64Array)
const words = z.instanceof(Uint32Array)

export const workSchema = z.object({
  from: z.union([
    z.object({ count: z.int(), pixels: bytes }),
    z.object({ count: z.int(), sums: doubles, products: z.union([doubles, words]) }),
  ]),
  normalisation: z.discriminatedUnion('kind', [
    channelNormalisationSchema,
    z.object({ kind: z.literal('image-mean') }),
    z.object({ kind: z.literal('pixel-mean'), mean: floats }),
  ]),
  whitening: whiteningKindsSchema,
})

export const whiteningMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('done'), matrix: floats, mean: floats }),
  z.object({ kind: z.literal('failed'), failure: failureSchema }),
])
export type WhiteningMessage = z.infer<typeof whiteningMessageSchema>
