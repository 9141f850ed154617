// Which line is which, and what each reads at the cursor, in one table.
import { figureText, QUANTITY_TEXT } from './chart-text.ts'
import type { LineStyle, Part } from './chart-types.ts'
import { NONE } from './curve-values.ts'
import { LineSample } from './plot/line-sample.tsx'
import type { Figure, Quantity, Reading } from './run-curves.ts'
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
            <FigureCell {...{ series, quantity }} part="train" figure={train?.[quantity]} />
            {validated && (
              <FigureCell {...{ series, quantity }} part="validation" figure={validation?.[quantity]} />
            )}
            {tested && (
              <FigureCell
                {...{ series, quantity }}
                part="test"
                figure={test?.[quantity]}
                note={epoch === null ? '' : `epoch ${epoch}`}
              />
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FigureCell(props: {
  series: LineStyle
  quantity: Quantity
  part: Part
  figure: Figure | undefined
  note?: string
}) {
  const { series, quantity, part, figure, note } = props
  return (
    <td>
      <LineSample colour={series.colour} dashed={series.dashed} part={part} />{' '}
      {figure ? figureText(quantity, figure) : NONE}
      {figure?.spread && <span className={styles.runs}>n = {figure.spread.n}</span>}
      {note && <span className={styles.note}>{note}</span>}
    </td>
  )
}
