// What a network is, as plain data.
import { z } from 'zod'

const count = (most: number) => z.int().min(1).max(most)

/** Each stage of the He family has n blocks of two 3×3 convolutions: 6n + 2 weight layers. */
export const networkConfigSchema = z.strictObject({
  family: z.literal('he'),
  /** Blocks a stage. */
  n: count(36),
  /** Channels of the first stage; the others have 2 and 4 times as many. */
  width: count(256),
  /** How a block's input reaches its output where the shape changes. */
  shortcut: z.enum(['subsample-pad', 'conv1x1-bn']),
  /** Where `subsample-pad` puts the zero channels. */
  padding: z.enum(['end', 'centre']),
  /** False removes every shortcut, identity and downsampling alike, and nothing else. */
  identity: z.boolean(),
})
export type NetworkConfig = z.infer<typeof networkConfigSchema>
