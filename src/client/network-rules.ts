// What can be chosen together in an architecture, so that no edit leaves a network that could not be built.
import { blockKind, has1x1Convolutions } from '../network/blocks/index.ts'
import {
  contradictions,
  MAX_POOL_STAGES,
  NETWORK_LIMITS,
  type NetworkConfig,
} from '../network/network-config.ts'
import { addsZeroChannels } from '../network/shortcuts/index.ts'

/** The network that a person means: fields that another field rules out are put right. */
export function tidyNetwork(network: NetworkConfig): NetworkConfig {
  const { head, stages, block, convolutionBias, shortcut } = network
  return {
    ...network,
    head: head.pool === 'max' && stages.length !== MAX_POOL_STAGES ? { ...head, pool: 'average' } : head,
    convolutionBias: convolutionBias === '1x1' && !has1x1Convolutions(block) ? 'none' : convolutionBias,
    stages: addsZeroChannels(shortcut) ? neverNarrower(network) : stages,
  }
}

/** Stages that shortcuts of zero channels can lead through: none with fewer channels than what comes in. */
function neverNarrower({ stem, stages, block }: NetworkConfig): NetworkConfig['stages'] {
  const expansion = blockKind(block).expansion
  let least = Math.ceil(stem.channels / expansion)
  return stages.map((stage) => {
    least = Math.max(least, stage.channels)
    return { ...stage, channels: least }
  })
}

/** Why a change alone would make a network that cannot be built; null where it would not. */
export function whyNot(network: NetworkConfig, change: Partial<NetworkConfig>): string | null {
  return contradictions({ ...network, ...change })[0]?.message ?? null
}

type Range = { readonly min: number; readonly max: number }

/** How many channels the stem can have while the stages stay as they are. */
export function stemRange({ stages, block, shortcut }: NetworkConfig): Range {
  const out = (stages[0]?.channels ?? 1) * blockKind(block).expansion
  const most = NETWORK_LIMITS.stemChannels
  return { min: 1, max: addsZeroChannels(shortcut) ? Math.min(out, most) : most }
}

/** How many channels a stage can have while the others stay as they are. */
export function stageRange({ stem, stages, block, shortcut }: NetworkConfig, stage: number): Range {
  if (!addsZeroChannels(shortcut)) return { min: 1, max: NETWORK_LIMITS.channels }
  const before = stages[stage - 1]?.channels ?? Math.ceil(stem.channels / blockKind(block).expansion)
  return { min: before, max: stages[stage + 1]?.channels ?? NETWORK_LIMITS.channels }
}

/** How wide the whole network can be made, in channels of its stem. */
export function widthRange({ stem, stages }: NetworkConfig): Range {
  const widest = Math.max(...stages.map(({ channels }) => channels))
  const most = Math.floor((NETWORK_LIMITS.channels * stem.channels) / widest)
  return { min: 1, max: Math.max(1, Math.min(NETWORK_LIMITS.stemChannels, most)) }
}

/** One stage more, as deep as the last and twice as wide. */
export function withAddedStage(network: NetworkConfig): NetworkConfig {
  const last = network.stages.at(-1) ?? { blocks: 1, channels: network.stem.channels }
  const channels = Math.min(2 * last.channels, NETWORK_LIMITS.channels)
  return { ...network, stages: [...network.stages, { ...last, channels }] }
}

export function withoutStage(network: NetworkConfig, stage: number): NetworkConfig {
  return { ...network, stages: network.stages.filter((_, i) => i !== stage) }
}
