// The Network tab: the network of the set-up zone as a diagram, with identity mappings and without.
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { buildGraph } from '../../../network/build-graph.ts'
import { networkFacts } from '../../../network/network-facts.ts'
import { count } from '../../charts/curve-values.ts'
import { Segmented } from '../../charts/segmented.tsx'
import { useWidth } from '../../charts/use-width.ts'
import { BlockStrip } from './block-strip.tsx'
import { outlineOf, parametersOf, type Part } from './network-outline.ts'
import { formatBlocks, partSteps, shapeText, formatShortcuts } from './format-network.ts'
import styles from './network-panel.module.css'

/** What decides a network's Graph. */
type NetworkChoice = Parameters<typeof buildGraph>[0]

const VARIANTS = [
  { id: 'with', text: 'A with identity' },
  { id: 'without', text: 'B without identity' },
] as const

export function NetworkPanel(props: { readonly config: NetworkChoice }) {
  // A network of 320 blocks is drawn after what was typed is shown.
  const config = useDeferredValue(props.config)
  const [variant, setVariant] = useState<'with' | 'without'>('with')
  const [open, setOpen] = useState(false)
  const { ref, width } = useWidth<HTMLOListElement>()
  const { network, data } = config
  const graph = useMemo(
    () => buildGraph({ network: { ...network, identity: variant === 'with' }, data }),
    [network, data, variant],
  )
  const { stem, stages, head } = useMemo(() => outlineOf(graph), [graph])
  const { parameters, depth, receptiveField } = useMemo(() => networkFacts(graph), [graph])
  const blocks = stages.flatMap((stage) => stage.blocks)

  return (
    <div className={styles.panel}>
      <Segmented label="Network" options={VARIANTS} value={variant} onChange={setVariant} />
      <p className={styles.facts}>
        {depth} weight layers · {count(parameters)} parameters · receptive field {receptiveField} px
      </p>
      <ol ref={ref} className={styles.parts}>
        <Row name="Stem" parts={[stem]}>
          <p>{partSteps(stem)}</p>
        </Row>
        {stages.map((stage) => (
          <Row
            key={stage.name}
            name={`${stage.name}: ${stage.blocks.length} ${stage.blocks.length === 1 ? 'block' : 'blocks'}`}
            parts={stage.blocks}
          >
            {width > 0 && <BlockStrip blocks={stage.blocks} width={width} />}
          </Row>
        ))}
        <Row name="Head" parts={[head]}>
          <p>{partSteps(head)}</p>
        </Row>
      </ol>
      {formatBlocks(blocks).map((kind) => (
        <p key={kind} className={styles.facts}>
          {kind}
        </p>
      ))}
      <p className={styles.facts}>{formatShortcuts(blocks)}</p>
      {/* ResNet-110 has 388 layers: they are drawn when asked for. */}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>All layers</summary>
        {open && <LayerTable parts={[stem, ...blocks, head]} />}
      </details>
    </div>
  )
}

function Row(props: {
  readonly name: string
  readonly parts: readonly Part[]
  readonly children: ReactNode
}) {
  const { name, parts, children } = props
  const shape = parts.at(-1)?.shape
  return (
    <li>
      <p className={styles.heading}>
        <b>{name}</b>
        <span>{shape && shapeText(shape)}</span>
        <span>{count(parametersOf(parts))} parameters</span>
      </p>
      {children}
    </li>
  )
}

/** Every layer in the order of execution: the diagram as text. */
function LayerTable({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <table className={styles.layers}>
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
