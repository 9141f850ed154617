// What the page asks of a run's network: its parameters, and what its features answer to.
import { z } from 'zod'
import { DATA_SET_IDS } from '../../base/data-set.ts'
import { runConfigSchema } from '../../config/run-config.ts'
import type { ParameterRole } from '../../network/graph.ts'
import { featureGridSchema } from '../feature-grid.ts'
import { defineCommands } from './define-commands.ts'
import { galleryShape } from './gallery-shape.ts'

/** Pictures of one reply: 1.3 MB. */
export const MOST_PICTURES = 320

/** Batch norm's γ and β, the vectors that a page may ask for: all of a ResNet-1202 take 0.6 MB. */
const INSPECTED_ROLES = ['scale', 'shift'] as const satisfies ParameterRole[]

const run = z.string()
const set = z.enum(DATA_SET_IDS)

export const inspectCommands = defineCommands({
  /** A run's parameters of these roles as they are now, or as of its last checkpoint; 1 MB at most. */
  'read-parameters': {
    request: { run, roles: z.array(z.enum(INSPECTED_ROLES)).min(1) },
    reply: z.object({
      config: runConfigSchema,
      /** Taken by the run when its parameters were read. */
      steps: z.int(),
      /** In the order of the network. */
      parameters: z.array(
        z.object({
          /** PyTorch's, as in a state_dict of this lab's own naming. */
          name: z.string(),
          role: z.enum(INSPECTED_ROLES),
          shape: z.array(z.int()),
          values: z.instanceof(Float32Array),
        }),
      ),
    }),
  },
  /** Which test images a run's last features answer to; progress comes as `ranking` events. */
  'rank-features': {
    request: { run },
    reply: z.object({
      config: runConfigSchema,
      /** Taken by the run when its weights were read. */
      steps: z.int(),
      grid: featureGridSchema,
    }),
  },
  /** Test images by their places in the split. */
  pictures: {
    request: { set, indices: z.array(z.int().min(0)).max(MOST_PICTURES) },
    reply: z.object(galleryShape),
  },
  /** A feature grid as a PNG file. */
  'draw-features': {
    request: { set, grid: featureGridSchema },
    reply: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
})
