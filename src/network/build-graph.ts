import { DATA_SETS, type DataSetId } from '../base/data-set.ts'
import type { NetworkConfig } from './network-config.ts'
import type { Graph } from './graph.ts'
import { buildResidualNetwork } from './residual-network.ts'

/** The network that a run trains: its family's builder, with as many logits as its data set has classes. */
export function buildGraph({ network, data }: { network: NetworkConfig; data: { set: DataSetId } }): Graph {
  return buildResidualNetwork(network, DATA_SETS[data.set].classes)
}
