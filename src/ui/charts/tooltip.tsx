// What each run reads at the cursor, beside it.
import { epochsAt, metricText, QUANTITY_TEXT } from './chart-text.ts'
import type { LineStyle, Part } from './chart-types.ts'
import { count, NONE } from './curve-values.ts'
import { LineSample } from './plot/line-sample.tsx'
import { fractionOf, MARGIN, plotArea, type ScaledAxis } from './plot/plot-geometry.ts'
import type { Metric, Quantity, Reading } from './run-curves.ts'
import styles from './tooltip.module.css'

/** Between the cursor and the box, in CSS pixels. */
const BESIDE = 12

type ReadingsProps = {
  readonly quantity: Quantity
  readonly readings: readonly Reading[]
  readonly smoothed: boolean
}

type TooltipProps = ReadingsProps & {
  /** A step of the axis. */
  readonly cursor: number
  readonly x: ScaledAxis
  /** Of the chart, in CSS pixels. */
  readonly width: number
  readonly stepsPerEpoch: number | null
}

/** On the side of the cursor where there is more room. */
export function Tooltip({ cursor, x, width, stepsPerEpoch, ...readings }: TooltipProps) {
  const at = fractionOf(cursor, x)
  if (at < 0 || at > 1) return null
  const offset = MARGIN.left + at * plotArea(width, 0).width
  const place = at < 0.5 ? { left: offset + BESIDE } : { right: width - offset + BESIDE }
  return (
    <div className={styles.tooltip} style={place} aria-hidden="true">
      <p className={styles.position}>
        step {count(cursor)}
        {stepsPerEpoch !== null && ` · epoch ${epochsAt(cursor, stepsPerEpoch)}`}
      </p>
      <Readings {...readings} />
    </div>
  )
}

function Readings({ quantity, readings, smoothed }: ReadingsProps) {
  const { title } = QUANTITY_TEXT[quantity]
  const tested = quantity !== 'learningRate'
  const validated = tested && readings.some(({ isValidated }) => isValidated)
  const means = readings.some(({ train }) => train?.loss.spread)
  return (
    <table
      className={`${styles.readings} ${validated ? styles.validated : ''} ${means ? styles.means : ''}`}
      aria-label={`${title} at the cursor`}
    >
      <thead>
        <tr>
          <th scope="col">run</th>
          <th scope="col">{tested ? `train${smoothed ? ', smoothed' : ''}` : 'rate'}</th>
          {validated && <th scope="col">validation</th>}
          {tested && <th scope="col">test</th>}
        </tr>
      </thead>
      <tbody>
        {readings.map(({ series, train, validation, test, epoch }) => (
          <tr key={series.run}>
            <th scope="row">
              <b>{series.label}</b>{' '}
              <span className={styles.description} title={series.description}>
                {series.description}
              </span>
            </th>
            <MetricCell {...{ series, quantity }} part="train" metric={train?.[quantity]} />
            {validated && (
              <MetricCell {...{ series, quantity }} part="validation" metric={validation?.[quantity]} />
            )}
            {tested && (
              <MetricCell
                {...{ series, quantity }}
                part="test"
                metric={test?.[quantity]}
                note={epoch === null ? '' : `epoch ${epoch}`}
              />
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function MetricCell(props: {
  series: LineStyle
  quantity: Quantity
  part: Part
  metric: Metric | undefined
  note?: string
}) {
  const { series, quantity, part, metric, note } = props
  return (
    <td>
      <LineSample colour={series.colour} dashed={series.dashed} part={part} />{' '}
      {metric ? metricText(quantity, metric) : NONE}
      {metric?.spread && <span className={styles.runs}>n = {metric.spread.n}</span>}
      {note && <span className={styles.note}>{note}</span>}
    </td>
  )
}
