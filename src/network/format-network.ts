// What a network is called in sentences.
import { convolutionsOf } from './blocks/index.ts'
import type { NetworkConfig } from './network-config.ts'
import { identityText } from './shortcuts/index.ts'

/** Weight layers on the main path: stem, blocks, linear layer. */
export function weightLayers({ stages, block }: Pick<NetworkConfig, 'stages' | 'block'>): number {
  const { length } = convolutionsOf(block)
  return stages.reduce((sum, { blocks }) => sum + blocks * length, 2)
}

/** "ResNet-20, 16 channels" */
export function networkName(network: NetworkConfig): string {
  const { channels } = network.stem
  return `ResNet-${weightLayers(network)}, ${channels} ${channels === 1 ? 'channel' : 'channels'}`
}

/** "ResNet-20, 16 channels, with identity mappings" */
export function formatNetwork(network: NetworkConfig): string {
  const { identity, shortcut } = network
  return `${networkName(network)}, ${identity ? `with ${identityText(shortcut)}` : 'without identity mappings'}`
}
