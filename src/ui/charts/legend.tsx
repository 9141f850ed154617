// Which line is which, and what each reads at the cursor, in one table.
import { metricText, QUANTITY_TEXT } from './chart-text.ts'
import type { LineStyle, Part } from './chart-types.ts'
import { NONE } from './curve-values.ts'
import { LineSample } from './plot/line-sample.tsx'
import type { Metric, Quantity, Reading } from './run-curves.ts'
import styles from './legend.module.css'

export type LegendProps = {
  readonly quantity: Quantity
  readonly readings: readonly Reading[]
  readonly smoothed: boolean
}

export function Legend({ quantity, readings, smoothed }: LegendProps) {
  const { title } = QUANTITY_TEXT[quantity]
  const tested = quantity !== 'learningRate'
  const validated = tested && readings.some(({ isValidated }) => isValidated)
  const means = readings.some(({ train }) => train?.loss.spread)
  return (
    <table
      className={`${styles.legend} ${validated ? styles.validated : ''} ${means ? styles.means : ''}`}
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
