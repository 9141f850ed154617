// Larger and smaller members of a family.
import type { NetworkConfig } from '../contract/network-config.ts'

/** The same network with so many blocks in every stage. */
export function withBlocks(network: NetworkConfig, blocks: number): NetworkConfig {
  return { ...network, stages: network.stages.map((stage) => ({ ...stage, blocks })) }
}

/** The same network with so many channels after the stem, and the stages in proportion. */
export function withWidth(network: NetworkConfig, channels: number): NetworkConfig {
  const factor = channels / network.stem.channels
  const scaled = (width: number) => Math.max(1, Math.round(width * factor))
  return {
    ...network,
    stem: { ...network.stem, channels },
    stages: network.stages.map((stage) => ({ ...stage, channels: scaled(stage.channels) })),
  }
}
