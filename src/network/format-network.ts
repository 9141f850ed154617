// What a network is called in sentences.
import type { NetworkConfig } from './network-config.ts'

const LAYERS_OF_A_BLOCK = { basic: 2, bottleneck: 3, transition: 2 } as const

/** Weight layers on the main path: stem, blocks, linear layer. */
export function weightLayers({ stages, block }: Pick<NetworkConfig, 'stages' | 'block'>): number {
  return stages.reduce((sum, { blocks }) => sum + blocks * LAYERS_OF_A_BLOCK[block.kind], 2)
}

/** "ResNet-20, 16 channels" */
export function networkName(network: NetworkConfig): string {
  const { channels } = network.stem
  return `ResNet-${weightLayers(network)}, ${channels} ${channels === 1 ? 'channel' : 'channels'}`
}

/** "ResNet-20, 16 channels, with identity mappings" */
export function formatNetwork(network: NetworkConfig): string {
  return `${networkName(network)}, ${network.identity ? 'with' : 'without'} identity mappings`
}
