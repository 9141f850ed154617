import { DATA_SETS } from '../base/data-set.ts'
import type { RunConfig } from '../config/run-config.ts'
import { networkName } from '../network/format-network.ts'

/** What was trained on what: "ResNet-20, 16 channels, on CIFAR-10, batch 128, seeds 1, 2"; empty for no runs. */
export function aboutRuns(configs: readonly RunConfig[]): string {
  if (configs.length === 0) return ''
  const seeds = unique(configs, ({ seed }) => seed).toSorted((one, other) => one - other)
  return [
    unique(configs, ({ network }) => networkName(network)).join(' and '),
    `on ${unique(configs, ({ data }) => DATA_SETS[data.set].title).join(' and ')}`,
    `batch ${unique(configs, ({ batchSize }) => batchSize).join(' and ')}`,
    `${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`,
  ].join(', ')
}

function unique<Value>(configs: readonly RunConfig[], valueOf: (config: RunConfig) => Value): Value[] {
  return [...new Set(configs.map(valueOf))]
}
