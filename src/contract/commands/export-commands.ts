// Weights out, and weights in.
import { z } from 'zod'
import { DATA_SET_IDS } from '../../base/data-set.ts'
import { normalisationSchema, whiteningSchema } from '../../base/image-config.ts'
import { networkConfigSchema } from '../../network/network-config.ts'
import { PARAMETER_NAMINGS } from '../../network/parameter-namings.ts'
import { evaluationSchema } from '../evaluation.ts'
import { defineCommands } from './define-commands.ts'

/** Where an imported file's network was taken from. */
const networkOriginSchema = z.discriminatedUnion('kind', [
  /** From the config that this lab wrote into it. */
  z.object({ kind: z.literal('file') }),
  /** From the command, whose network has the file's tensors. */
  z.object({ kind: z.literal('settings') }),
  /** From a preset that has so many tensors of the same names and shapes; `identityKnown` false where both kinds have. */
  z.object({
    kind: z.literal('names'),
    preset: z.string(),
    tensors: z.int(),
    identityKnown: z.boolean(),
  }),
])
export type NetworkOrigin = z.infer<typeof networkOriginSchema>

export const exportCommands = defineCommands({
  /** A run's weights, in these parameter names where the format has an author's; a folder comes as a zip archive. */
  'export-weights': {
    request: {
      run: z.string(),
      naming: z.enum(PARAMETER_NAMINGS),
      /** Whether each name begins with `module.`, where the format can have it so. */
      modulePrefix: z.boolean().optional(),
      /** The id of a format of checkpoints (transfer/formats). */
      format: z.string().max(64),
    },
    reply: z.object({ fileName: z.string(), bytes: z.instanceof(Uint8Array) }),
  },
  /**
   * The score of a safetensors file on a test split. The network and what becomes of images are those in the file's metadata;
   * where it has none, these; where its tensors are not of this network, those of the preset that they are of.
   */
  'evaluate-weights': {
    request: {
      file: z.file(),
      set: z.enum(DATA_SET_IDS),
      limit: z.int().min(1).nullable(),
      network: networkConfigSchema,
      normalisation: normalisationSchema,
      whitening: whiteningSchema,
    },
    reply: z.object({
      network: networkConfigSchema,
      networkFrom: networkOriginSchema,
      evaluation: evaluationSchema,
    }),
  },
})
