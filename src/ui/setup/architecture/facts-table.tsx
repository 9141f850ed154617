import { useMemo } from 'react'
import { DATA_SETS } from '../../../base/data-set.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import { buildGraph } from '../../../network/build-graph.ts'
import { type NetworkFacts, networkFacts } from '../../../network/network-facts.ts'
import { count } from '../../charts/curve-values.ts'
import { bytes, flops } from '../../foundation/controls/quantities.ts'
import styles from './facts-table.module.css'

type FactsProps = Pick<RunConfig, 'network' | 'data' | 'batchSize'>

/** What a network costs, with its shortcuts and without. */
export function FactsTable({ network, data, batchSize }: FactsProps) {
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
    <table className={styles.facts}>
      <caption>
        Forward pass per image; activation memory for a batch of {count(batchSize)} (float32).{' '}
        {DATA_SETS[set].classes} classes.
      </caption>
      <thead>
        <tr>
          <th scope="col">Network</th>
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
