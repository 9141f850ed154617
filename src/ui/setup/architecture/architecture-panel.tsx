import { useDeferredValue } from 'react'
import { widthRange } from '../../../client/setup/network-rules.ts'
import type { NetworkConfig } from '../../../network/network-config.ts'
import { networkName } from '../../../network/format-network.ts'
import { withWidth } from '../../../network/resize-network.ts'
import { Panel } from '../../foundation/panel.tsx'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { TextField } from '../../foundation/controls/text-field.tsx'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'
import { CustomArchitecture } from './custom-architecture.tsx'
import { FactsTable } from './facts-table.tsx'
import { readBlocks, writeBlocks } from './read-blocks.ts'

/** The network, and what it costs with and without its shortcuts. */
export function ArchitecturePanel({ setup, edit }: SetupPanelProps) {
  const { network, data, batchSize } = setup
  // A network of 320 blocks is counted after what was typed is shown.
  const counted = useDeferredValue(network)
  const change = (next: (network: NetworkConfig) => NetworkConfig) =>
    edit((before) => ({ ...before, network: next(before.network) }))
  return (
    <Panel title="Architecture" aside={networkName(network)}>
      <div className={styles.fields}>
        <TextField
          label="Blocks per stage"
          value={network.stages}
          write={writeBlocks}
          read={(text) => readBlocks(text, network.stages)}
          onChange={(stages) => change((before) => ({ ...before, stages }))}
          inputMode="numeric"
        />
        <NumberField
          label="Width"
          value={network.stem.channels}
          onChange={(width) => change((before) => withWidth(before, width))}
          {...widthRange(network)}
          whole
          unit="channels"
        />
      </div>
      <CustomArchitecture network={network} change={change} />
      <FactsTable network={counted} data={data} batchSize={batchSize} />
    </Panel>
  )
}
