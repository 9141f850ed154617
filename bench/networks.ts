// The networks of the benchmark, and one small enough to try the benchmark itself with.
import type { NetworkConfig } from '../src/network/network-config.ts'
import type { Graph } from '../src/network/graph.ts'
import { buildGraph } from '../src/network/build-graph.ts'
import { findPreset } from '../src/presets/presets.ts'
import { heNetwork } from '../src/presets/he.ts'

export const NETWORK_NAMES = ['resnet-20', 'resnet-56', 'iavicenna-18', 'resnet-8-narrow'] as const
export type NetworkName = (typeof NETWORK_NAMES)[number]

/** What runs where nothing else is asked for. */
export const DEFAULT_NETWORKS: readonly NetworkName[] = ['resnet-20', 'resnet-56', 'iavicenna-18']

/** akamaster's and iavicenna's for CIFAR-10. */
export function buildNetwork(name: NetworkName): Graph {
  return buildGraph({ network: networkOf(name), data: { set: 'cifar10' } })
}

function networkOf(name: NetworkName): NetworkConfig {
  switch (name) {
    case 'resnet-20':
      return heNetwork({ n: 3 })
    case 'resnet-56':
      return heNetwork({ n: 9 })
    case 'iavicenna-18':
      return presetNetwork(name)
    case 'resnet-8-narrow':
      return heNetwork({ n: 1, width: 4 })
    default:
      return name satisfies never
  }
}

function presetNetwork(id: string): NetworkConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`there is no preset ${id}`)
  return preset.config.network
}
