// What a network is, as plain data: one vocabulary for all five published systems and everything between them.
import { z } from 'zod'
import { blockKind, blockSchema, has1x1Convolutions } from './blocks/index.ts'
import { addsZeroChannels, shortcutSchema } from './shortcuts/index.ts'

const count = (most: number) => z.int().min(1).max(most)

/** The most of each that a network may have; the least is 1. */
export const NETWORK_LIMITS = { stemChannels: 512, stages: 5, blocks: 64, channels: 1024 } as const

const initialisationSchema = z.strictObject({
  /** Of convolutions, and of the linear layer unless `linear` says otherwise. Gain for ReLU (arXiv:1502.01852). */
  weights: z.enum(['kaiming-normal-fan-in', 'kaiming-normal-fan-out', 'kaiming-uniform-fan-in']),
  /** `uniform` is PyTorch's default: ±1/√fan-in. */
  linear: z.enum(['as-convolutions', 'uniform']),
  /** The linear layer's bias: `uniform` on ±1/√fan-in is PyTorch's default. */
  linearBias: z.enum(['zero', 'uniform']),
  /** Batch norm's γ: 1, or drawn from a normal distribution of mean 1 and standard deviation 0.02. */
  scale: z.enum(['one', 'normal']),
  /** What batch norm's running variance begins as; PyTorch's default is 1. */
  runningVariance: z.union([z.literal(0), z.literal(1)]),
})

export const networkConfigSchema = z
  .strictObject({
    /** conv3×3 – BN – ReLU, then channels dropped with this probability while training (arXiv:1411.4280). */
    stem: z.strictObject({
      channels: count(NETWORK_LIMITS.stemChannels),
      dropout: z.number().min(0).max(0.9),
    }),
    /** Each stage after the first begins by halving height and width. */
    stages: z
      .array(
        z.strictObject({ blocks: count(NETWORK_LIMITS.blocks), channels: count(NETWORK_LIMITS.channels) }),
      )
      .min(1)
      .max(NETWORK_LIMITS.stages),
    block: blockSchema,
    /** How a block's input reaches its output where the shape changes. Convolutions here have no bias. */
    shortcut: shortcutSchema,
    /** Which convolutions have a bias: none, the bottlenecks' 1×1 ones, or stem and blocks. Shortcuts have none. */
    convolutionBias: z.enum(['none', '1x1', 'all']),
    /** The pool over what is left of the image, and the linear layer after it. */
    head: z.strictObject({ pool: z.enum(['average', 'max']), bias: z.boolean() }),
    initialisation: initialisationSchema,
    /** False removes every shortcut, identity and downsampling alike, and nothing else. */
    identity: z.boolean(),
  })
  .superRefine((network, context) => {
    for (const { path, message } of contradictions(network)) {
      context.addIssue({ code: 'custom', path, message })
    }
  })
export type NetworkConfig = z.infer<typeof networkConfigSchema>

/** The max pool's window is 4×4, and so must be what the last of four stages leaves of 32×32 pixels. */
export const MAX_POOL_STAGES = 4

/** Channels that enter the first stage, and those that leave each. */
function stageWidths({ stem, stages, block }: Pick<NetworkConfig, 'stem' | 'stages' | 'block'>): number[] {
  const { expansion } = blockKind(block)
  return [stem.channels, ...stages.map(({ channels }) => channels * expansion)]
}

/** What of a network cannot be together, with the path of a field to change; empty for one that can be built. */
export function contradictions(
  network: Omit<NetworkConfig, 'initialisation' | 'identity'>,
): { path: (string | number)[]; message: string }[] {
  const found: { path: (string | number)[]; message: string }[] = []
  if (network.head.pool === 'max' && network.stages.length !== MAX_POOL_STAGES) {
    found.push({ path: ['head', 'pool'], message: `the 4×4 max pool needs ${MAX_POOL_STAGES} stages` })
  }
  if (network.convolutionBias === '1x1' && !has1x1Convolutions(network.block)) {
    found.push({ path: ['convolutionBias'], message: 'only bottleneck blocks have 1×1 convolutions' })
  }
  if (addsZeroChannels(network.shortcut)) {
    const widths = stageWidths(network)
    const narrower = network.stages.findIndex((_, i) => (widths[i + 1] ?? 0) < (widths[i] ?? 0))
    if (narrower >= 0) {
      found.push({
        path: ['stages', narrower, 'channels'],
        message: `a zero-padded shortcut cannot lead to fewer channels (${widths[narrower + 1]} after ${widths[narrower]})`,
      })
    }
  }
  return found
}
