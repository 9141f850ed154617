import { count } from '../../charts/curve-values.ts'
import type { Part } from './network-outline.ts'
import { shapeText } from './format-network.ts'
import styles from './layer-table.module.css'

/** Every layer in the order of execution: the diagram as text. */
export function LayerTable({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Module</th>
          <th scope="col">Layer</th>
          <th scope="col">Output</th>
          <th scope="col">Parameters</th>
        </tr>
      </thead>
      {parts.map(({ name, layers }) => (
        <tbody key={name}>
          {layers.map(({ id, module, text, shape, parameters }) => (
            <tr key={id}>
              <td>{module}</td>
              <td>{text}</td>
              <td>{shapeText(shape)}</td>
              <td>{parameters > 0 && count(parameters)}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}
