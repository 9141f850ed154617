// The networks of the benchmark, and one small enough to try the benchmark itself with.
import type { Graph } from '../src/network/graph.ts'
import { buildHeNetwork } from '../src/network/he-network.ts'
import { buildIavicenna } from './iavicenna.ts'

export const NETWORK_NAMES = ['resnet-20', 'resnet-56', 'iavicenna-18', 'resnet-8-narrow'] as const
export type NetworkName = (typeof NETWORK_NAMES)[number]

/** What runs where nothing else is asked for. */
export const DEFAULT_NETWORKS: readonly NetworkName[] = ['resnet-20', 'resnet-56', 'iavicenna-18']

const CLASSES = 10

export function buildNetwork(name: NetworkName): Graph {
  switch (name) {
    case 'resnet-20':
      return buildHe(3, 16)
    case 'resnet-56':
      return buildHe(9, 16)
    case 'iavicenna-18':
      return buildIavicenna(16, [1, 2, 2], CLASSES)
    case 'resnet-8-narrow':
      return buildHe(1, 4)
    default:
      return name satisfies never
  }
}

/** akamaster's: zero channels on both sides in the shortcuts. */
function buildHe(n: number, width: number): Graph {
  return buildHeNetwork(
    { family: 'he', n, width, shortcut: 'subsample-pad', padding: 'centre', identity: true },
    CLASSES,
  )
}
