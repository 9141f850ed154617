// How strongly each layer responds, with identity mappings and without, from its batch norm
// alone (arXiv:1512.03385, Fig. 7).
import { useEffect, useState } from 'react'
import { type Failure, toFailure } from '../../../base/app-error.ts'
import type { ReplyOf } from '../../../contract/commands.ts'
import type { Side } from '../../../runs/pair.ts'
import type { LineStyle } from '../../charts/chart-types.ts'
import { count, NONE, plain } from '../../charts/curve-values.ts'
import { linearAxis, ticksWithin } from '../../charts/plot/axis.ts'
import { LineSample } from '../../charts/plot/line-sample.tsx'
import { Plot } from '../../charts/plot/plot.tsx'
import type { ChartLine } from '../../charts/run-curves.ts'
import { Segmented } from '../../charts/segmented.tsx'
import { useWidth } from '../../charts/use-width.ts'
import { FailureNotice } from '../../foundation/controls/notice.tsx'
import { useActions, useLab } from '../../foundation/lab-context.tsx'
import { SIDE_NAMES } from '../../foundation/side-names.ts'
import { NoWeights } from './no-weights.tsx'
import styles from './layer-responses.module.css'

const ORDERS = [
  { id: 'layer', text: 'By layer' },
  { id: 'magnitude', text: 'By magnitude' },
] as const
type Order = (typeof ORDERS)[number]['id']

const HEIGHT = 240
const X_TICKS = 8
const Y_TICKS = 4

const styleOf = (side: Side): LineStyle => ({
  run: side,
  label: SIDE_NAMES[side].letter,
  description: SIDE_NAMES[side].description,
  colour: side,
  dashed: side === 'b',
})

type Answer = { readonly steps: number; readonly responses: readonly LayerResponse[] }
type Reading = {
  readonly side: Side
  readonly run: string | null
  /** Whether it is known what the run's weights say. */
  readonly isRead: boolean
  /** Null where it has no weights yet. */
  readonly answer: Answer | null
  readonly failure: Failure | null
}

export function LayerResponses() {
  const [order, setOrder] = useState<Order>('layer')
  const readings = [useReading('a'), useReading('b')]
  const shown = readings.flatMap(({ side, answer }) => (answer ? [{ side, ...answer }] : []))
  if (readings.every(({ isRead, answer, failure }) => isRead && !answer && !failure)) return <NoWeights />
  return (
    <div className={styles.panel}>
      <Segmented label="Order of the layers" options={ORDERS} value={order} onChange={setOrder} />
      {readings.map(({ side, failure }) => (
        <FailureNotice key={side} failure={failure} />
      ))}
      {shown.map(({ side, steps, responses }) => (
        <p key={side} className={styles.what}>
          <LineSample colour={side} dashed={side === 'b'} part="test" /> {SIDE_NAMES[side].letter}{' '}
          {SIDE_NAMES[side].description} · step {count(steps)} · mean {meanOf(responses)?.toFixed(3) ?? NONE}
        </p>
      ))}
      <Chart shown={shown} order={order} />
      <p className={styles.note}>
        Standard deviation of each batch norm’s output, before ReLU and, in basic and bottleneck blocks,
        before the addition (He et al. 2015, Fig. 7). It follows from γ and β, √(mean γ² + var β), and assumes
        batch statistics. Batch norms of shortcuts are left out.
      </p>
      {shown.length > 0 && (
        <details className={styles.note}>
          <summary>All layers</summary>
          <Values shown={shown} />
        </details>
      )}
    </div>
  )
}

type Shown = readonly ({ readonly side: Side } & Answer)[]

function Chart({ shown, order }: { readonly shown: Shown; readonly order: Order }) {
  const { ref, width } = useWidth<HTMLDivElement>()
  const lines = shown.map((one) => lineOf(one.side, one.responses, order))
  const layers = Math.max(2, ...shown.map(({ responses }) => responses.length))
  const highest = Math.max(0, ...shown.flatMap(({ responses }) => responses.map(({ std }) => std)))
  const domain = { low: 1, high: layers }
  return (
    <figure className={styles.chart}>
      <div ref={ref} style={{ height: HEIGHT }}>
        {width > 0 && (
          <Plot
            {...{ lines, width }}
            x={{ domain, ticks: ticksWithin(domain, X_TICKS, 1), scale: 'linear' }}
            y={{ ...linearAxis({ low: 0, high: highest || 1 }, Y_TICKS), scale: 'linear' }}
            writeX={plain}
            writeY={plain}
            stairs={false}
            height={HEIGHT}
          />
        )}
      </div>
      <figcaption>{order === 'layer' ? 'std by layer index' : 'std, sorted by magnitude'}</figcaption>
    </figure>
  )
}

function lineOf(side: Side, responses: readonly LayerResponse[], order: Order): ChartLine {
  const values = Float64Array.from(responses, ({ std }) => std)
  const y = order === 'layer' ? values : values.toSorted((one, other) => other - one)
  const x = Float64Array.from(responses, (_, i) => i + 1)
  return { key: side, series: styleOf(side), part: 'test', curve: { x, y } }
}

function Values({ shown }: { readonly shown: Shown }) {
  const layers = shown.map(({ responses }) => responses).toSorted((one, other) => other.length - one.length)
  return (
    <table className={styles.table} aria-label="Standard deviation of each layer’s response">
      <thead>
        <tr>
          <th scope="col">Index</th>
          <th scope="col">Batch norm</th>
          {shown.map(({ side }) => (
            <th key={side} scope="col">
              {SIDE_NAMES[side].letter}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {layers[0]?.map(({ layer }, i) => (
          <tr key={layer}>
            <td>{i + 1}</td>
            <th scope="row">{layer}</th>
            {shown.map(({ side, responses }) => (
              <td key={side}>{responses[i]?.std.toFixed(4) ?? NONE}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Read when the tab is opened, after each test, and where training begins or rests. */
function useReading(side: Side): Reading {
  const run = useLab(({ runs }) => runs[side]?.run ?? null)
  const moment = useLab(({ runs, session, progress }) => {
    const isRunning = session?.state === 'running' || session?.state === 'evaluating'
    return `${runs[side]?.epochs.length ?? 0} ${isRunning ? 'running' : (progress?.step ?? 0)}`
  })
  const { readParameters } = useActions()
  const none = { side, run, isRead: run === null, answer: null, failure: null }
  const [reading, setReading] = useState<Reading>(none)
  useEffect(() => {
    if (run === null) return undefined
    let stale = false
    const tell = (answer: Answer | null, failure: Failure | null) => {
      if (!stale) setReading({ side, run, isRead: true, answer, failure })
    }
    readParameters(run).then(
      ({ steps, parameters }) => tell({ steps, responses: layerResponses(parameters) }, null),
      (error: unknown) => {
        const failure = toFailure(error)
        // It was never trained as far as a checkpoint.
        tell(null, failure.code === 'run-absent' ? null : failure)
      },
    )
    return () => {
      stale = true
    }
    // The weights are others at another moment.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [side, run, moment, readParameters])
  return reading.run === run ? reading : none
}

const meanOf = (responses: readonly LayerResponse[]) =>
  responses.length === 0 ? null : mean(responses.map(({ std }) => std))

type Parameters = ReplyOf<'read-parameters'>['parameters']

type LayerResponse = {
  /** The batch norm: "layer1.0.bn1". */
  readonly layer: string
  readonly std: number
}

/**
 * The standard deviation of a batch norm's output over images, positions and channels. In a batch, channel c has mean β_c
 * and standard deviation |γ_c| (up to ε), so by the law of total variance the whole has mean(γ²) + var(β).
 * @param scale γ, a value for each channel
 * @param shift β
 */
export function responseStd(scale: ArrayLike<number>, shift: ArrayLike<number>): number {
  const within = mean(Array.from(scale, (gamma) => gamma * gamma))
  const centre = mean(Array.from(shift))
  return Math.sqrt(within + mean(Array.from(shift, (beta) => (beta - centre) ** 2)))
}

/** Of the layers of the main path in the order of the network: a shortcut's batch norm has no layer to stand beside. */
export function layerResponses(parameters: Parameters): readonly LayerResponse[] {
  const shifts = new Map(
    parameters.flatMap(({ name, role, values }) =>
      role === 'shift' ? [[moduleOf(name), values] as const] : [],
    ),
  )
  return parameters.flatMap(({ name, role, values }) => {
    const layer = moduleOf(name)
    const shift = shifts.get(layer)
    return role === 'scale' && shift && !layer.includes('shortcut')
      ? [{ layer, std: responseStd(values, shift) }]
      : []
  })
}

/** "layer1.0.bn1" of "layer1.0.bn1.weight" */
const moduleOf = (name: string) => name.slice(0, name.lastIndexOf('.'))

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
