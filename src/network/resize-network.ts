// Larger and smaller members of a family.
import { NETWORK_LIMITS, type NetworkConfig } from './network-config.ts'
import { weightLayers } from './format-network.ts'

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

/** The member of the network's family with so many weight layers and as many blocks in every stage; null for none. */
export function withLayers(network: NetworkConfig, layers: number): NetworkConfig | null {
  const ofBlocks = (blocks: number) => weightLayers(withBlocks(network, blocks))
  const one = ofBlocks(1)
  const blocks = 1 + (layers - one) / (ofBlocks(2) - one)
  const isMember = Number.isInteger(blocks) && blocks >= 1 && blocks <= NETWORK_LIMITS.blocks
  return isMember ? withBlocks(network, blocks) : null
}
