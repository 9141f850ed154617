import { useMemo } from 'react'
import { DATA_SETS } from '../../contract/data-set.ts'
import type { NetworkConfig, ShortcutKind } from '../../contract/network-config.ts'
import type { RunConfig } from '../../contract/run-config.ts'
import { buildGraph } from '../../network/build-graph.ts'
import { type NetworkFacts, networkFacts } from '../../network/network-facts.ts'
import { networkName } from '../../network/network-words.ts'
import { withBlocks, withWidth } from '../../network/resize-network.ts'
import { Panel } from '../app/panel.tsx'
import { count } from '../charts/figures.ts'
import { NumberField } from '../controls/number-field.tsx'
import { bytes, flops } from '../controls/quantities.ts'
import { SelectField } from '../controls/select-field.tsx'
import type { SetupPanelProps } from './setup-panel-props.ts'
import styles from './setup.module.css'
import tableStyles from './facts-table.module.css'

const SHORTCUTS = [
  {
    id: 'subsample-pad',
    text: 'Zero-pad',
    note: 'Where the shape changes: every second pixel, zero channels',
  },
  {
    id: 'conv1x1-bn',
    text: 'Projection',
    note: 'Where the shape changes: 1×1 convolution and batch norm',
  },
  {
    id: 'avgpool-pad',
    text: 'Average, zero-pad',
    note: 'Where the shape changes: 2×2 average pool, zero channels',
  },
  { id: 'conv1x1', text: '1×1 convolution', note: 'Where the shape changes, without batch norm' },
  {
    id: 'conv3x3-bn',
    text: '3×3 projection',
    note: 'Where the shape changes: 3×3 convolution and batch norm',
  },
] as const

const PADDINGS = [
  { id: 'end', text: 'At the end' },
  { id: 'centre', text: 'Both sides' },
] as const

/** A projection gives every channel a value. */
const NO_PADDINGS = PADDINGS.map(({ id }) => ({ id, text: 'None needed' }))

/** The network, and what it costs with and without its shortcuts. */
export function ArchitecturePanel({ setup, edit }: SetupPanelProps) {
  const { network, data, batchSize } = setup
  const change = (part: Partial<NetworkConfig>) =>
    edit((before) => ({ ...before, network: { ...before.network, ...part } }))
  const { shortcut } = network
  const padding = 'padding' in shortcut ? shortcut.padding : 'centre'
  const projects = !('padding' in shortcut)
  return (
    <Panel title="Architecture" aside={networkName(network)}>
      <div className={styles.fields}>
        <NumberField
          label="Blocks per stage, n"
          value={network.stages[0]?.blocks ?? 1}
          onChange={(n) => change(withBlocks(network, n))}
          min={1}
          max={36}
          whole
        />
        <NumberField
          label="Width"
          value={network.stem.channels}
          onChange={(width) => change(withWidth(network, width))}
          min={1}
          max={256}
          whole
          unit="channels"
        />
        <SelectField
          label="Shortcut"
          options={SHORTCUTS}
          value={shortcut.kind}
          onChange={(kind) => change({ shortcut: shortcutOf(kind, padding) })}
        />
        <SelectField
          label="Zero channels"
          options={projects ? NO_PADDINGS : PADDINGS}
          value={padding}
          onChange={(place) => change({ shortcut: shortcutOf(shortcut.kind, place) })}
          disabled={projects}
        />
      </div>
      <FactsTable network={network} data={data} batchSize={batchSize} />
    </Panel>
  )
}

function shortcutOf(kind: ShortcutKind, padding: 'end' | 'centre'): NetworkConfig['shortcut'] {
  return kind === 'subsample-pad' || kind === 'avgpool-pad' ? { kind, padding } : { kind }
}

type FactsProps = Pick<RunConfig, 'network' | 'data' | 'batchSize'>

function FactsTable({ network, data, batchSize }: FactsProps) {
  const { set } = data
  const [a, b] = useMemo(() => {
    const graphOf = (identity: boolean) => buildGraph({ network: { ...network, identity }, data: { set } })
    return [networkFacts(graphOf(true)), networkFacts(graphOf(false))]
  }, [network, set])
  const rows: [string, (facts: NetworkFacts) => string][] = [
    ['Parameters', (facts) => count(facts.parameters)],
    ['Weight layers', (facts) => count(facts.depth)],
    ['Forward pass', (facts) => flops(facts.forwardFlops)],
    ['Activations', (facts) => bytes(facts.activationBytes * batchSize)],
    ['Receptive field', (facts) => `${facts.receptiveField} px`],
  ]
  return (
    <table className={tableStyles.facts}>
      <caption>
        Operations of one image; activations of a batch of {count(batchSize)}, kept for the backward pass at 4
        bytes a value. {DATA_SETS[set].classes} classes.
      </caption>
      <thead>
        <tr>
          <th scope="col">The network</th>
          <th scope="col">A with</th>
          <th scope="col">B without</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, write]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{write(a)}</td>
            <td>{write(b)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
