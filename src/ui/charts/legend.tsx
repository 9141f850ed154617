// Which line is which, and what each reads at the cursor, in one table.
import { QUANTITY_TEXT } from './chart-text.ts'
import type { Part, RunSeries } from './chart-types.ts'
import { NONE } from './figures.ts'
import { LineSample } from './line-sample.tsx'
import { isValidated, type Quantity, type Reading } from './run-curves.ts'
import styles from './legend.module.css'

export type LegendProps = {
  readonly quantity: Quantity
  readonly readings: readonly Reading[]
  readonly smoothed: boolean
}

export function Legend({ quantity, readings, smoothed }: LegendProps) {
  const { title, figure } = QUANTITY_TEXT[quantity]
  const tested = quantity !== 'learningRate'
  const validated = tested && readings.some(({ series }) => isValidated(series))
  return (
    <table
      className={`${styles.legend} ${validated ? styles.validated : ''}`}
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
        {readings.map(({ series, train, epoch }) => (
          <tr key={series.run}>
            <th scope="row">
              <b>{series.label}</b> <span className={styles.description}>{series.description}</span>
            </th>
            <Figure series={series} part="train" text={train ? figure(train[quantity]) : NONE} />
            {validated && (
              <Figure
                series={series}
                part="validation"
                text={epoch?.validation ? figure(epoch.validation[quantity]) : NONE}
              />
            )}
            {tested && (
              <Figure
                series={series}
                part="test"
                text={epoch ? figure(epoch.test[quantity]) : NONE}
                note={epoch ? `epoch ${epoch.epoch}` : ''}
              />
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Figure(props: { series: RunSeries; part: Part; text: string; note?: string }) {
  const { series, part, text, note } = props
  return (
    <td>
      <LineSample colour={series.colour} dashed={series.dashed} part={part} /> {text}
      {note && <span className={styles.note}>{note}</span>}
    </td>
  )
}
