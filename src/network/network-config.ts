// What a network is, as plain data: one vocabulary for all five published systems and everything between them.
import { z } from 'zod'

const count = (most: number) => z.int().min(1).max(most)

/** The most of each that a network may have; the least is 1. */
export const NETWORK_LIMITS = { stemChannels: 512, stages: 5, blocks: 64, channels: 1024 } as const

/** Channels that leave a block of each kind, for one channel of its stage. */
export const BLOCK_EXPANSION = { basic: 1, bottleneck: 4, transition: 1 } as const

const blockSchema = z.discriminatedUnion('kind', [
  /** conv3×3 – BN – ReLU – conv3×3 – BN, then the addition. */
  z.strictObject({ kind: z.literal('basic'), reluAfterAdd: z.boolean() }),
  /** conv1×1 – BN – ReLU – conv3×3 – BN – ReLU – conv1×1 to 4 times the channels – BN, then the addition. */
  z.strictObject({ kind: z.literal('bottleneck'), reluAfterAdd: z.boolean() }),
  /**
   * A stage's first block is conv3×3 – BN – ReLU – conv3×3, then the addition and nothing after it; the others are
   * BN – ReLU – conv3×3 – BN – ReLU – conv3×3, the addition, BN – ReLU.
   */
  z.strictObject({ kind: z.literal('transition') }),
])

const padding = z.enum(['end', 'centre'])

/** How a block's input reaches its output where the shape changes. Convolutions here have no bias. */
const shortcutSchema = z.discriminatedUnion('kind', [
  /** Every second pixel of every second row; zero channels, all at the end or half on each side. */
  z.strictObject({ kind: z.literal('subsample-pad'), padding }),
  /** The mean of every 2×2 pixels; zero channels. */
  z.strictObject({ kind: z.literal('avgpool-pad'), padding }),
  z.strictObject({ kind: z.literal('conv1x1') }),
  z.strictObject({ kind: z.literal('conv1x1-bn') }),
  z.strictObject({ kind: z.literal('conv3x3-bn') }),
])

const initialisationSchema = z.strictObject({
  /** Of convolutions, and of the linear layer unless `linear` says otherwise. Gain for ReLU (arXiv:1502.01852). */
  weights: z.enum(['kaiming-normal-fan-in', 'kaiming-normal-fan-out', 'kaiming-uniform-fan-in']),
  /** `uniform` is PyTorch's default: ±1/√fan-in. */
  linear: z.enum(['as-convolutions', 'uniform']),
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
export type ShortcutKind = NetworkConfig['shortcut']['kind']

/** The max pool's window is 4×4, and so must be what the last of four stages leaves of 32×32 pixels. */
export const MAX_POOL_STAGES = 4

/** Channels that enter the first stage, and those that leave each. */
function stageWidths({ stem, stages, block }: Pick<NetworkConfig, 'stem' | 'stages' | 'block'>): number[] {
  return [stem.channels, ...stages.map(({ channels }) => channels * BLOCK_EXPANSION[block.kind])]
}

/** What of a network cannot be together, with the path of a field to change; empty for one that can be built. */
export function contradictions(
  network: Omit<NetworkConfig, 'initialisation' | 'identity'>,
): { path: (string | number)[]; message: string }[] {
  const found: { path: (string | number)[]; message: string }[] = []
  if (network.head.pool === 'max' && network.stages.length !== MAX_POOL_STAGES) {
    found.push({ path: ['head', 'pool'], message: `the 4×4 max pool needs ${MAX_POOL_STAGES} stages` })
  }
  if (network.convolutionBias === '1x1' && network.block.kind !== 'bottleneck') {
    found.push({ path: ['convolutionBias'], message: 'only bottleneck blocks have 1×1 convolutions' })
  }
  if ('padding' in network.shortcut) {
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
