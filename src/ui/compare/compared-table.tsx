import type { MeanAndSd } from '../../runs/statistics/statistics.ts'
import type { LineStyle } from '../charts/chart-types.ts'
import { NONE } from '../charts/curve-values.ts'
import { LineSample } from '../charts/plot/line-sample.tsx'
import type { Compared } from './comparison.ts'
import styles from './compared-table.module.css'

/** The runs, or the groups, in columns: what each is, and what it came to. */
export function ComparedTable(props: {
  readonly compared: readonly Compared<LineStyle>[]
  /** That the accuracies are of. */
  readonly epoch: number | null
}) {
  const { compared, epoch } = props
  const rows: [string, (one: Compared<LineStyle>) => string][] = [
    ['Configuration', ({ series }) => series.description || NONE],
    [
      epoch === null ? 'Test accuracy' : `Test accuracy after epoch ${epoch}`,
      (one) => accuracyText(one.accuracy),
    ],
    ['Best test accuracy', ({ best }) => accuracyText(best)],
    ['Epochs', ({ epochs: [fewest, most] }) => (fewest === most ? String(most) : `${fewest} to ${most}`)],
    ['Runs', ({ seeds }) => String(seeds.length)],
    [compared.some(({ seeds }) => seeds.length > 1) ? 'Seeds' : 'Seed', ({ seeds }) => seeds.join(', ')],
  ]
  return (
    // The table may be wider than the page: the keyboard scrolls it too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Compared runs, in columns">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {compared.map(({ series }) => (
              <th key={series.run} scope="col">
                <LineSample colour={series.colour} dashed={series.dashed} part="test" /> {series.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {compared.map((one) => (
                <td key={one.series.run}>{text(one)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** "91.25 %", and over seeds "91.25 ± 0.21 % (n = 3)" */
export function accuracyText(accuracy: MeanAndSd | null): string {
  if (!accuracy) return NONE
  const { mean, sd, n } = accuracy
  if (sd === null) return `${mean.toFixed(2)}\u202f%`
  return `${mean.toFixed(2)} ± ${sd.toFixed(2)}\u202f% (n = ${n})`
}
