import type { ReactNode } from 'react'
import { OWN_RESULTS } from '../../../presets/own-results.ts'
import type { Preset, System } from '../../../presets/system.ts'
import type { RunResult } from '../../../runs/run-result.ts'
import { type MetricRow, LAB_COLUMNS, labRows } from './format-preset.ts'
import styles from './system-page.module.css'

/** A published system: what it is, what its author reports, what this lab's runs of it came to, and where they differ. */
export function SystemPage(props: {
  readonly system: System
  /** The one that is set up. */
  readonly preset: Preset
  /** Why the results say nothing of the set-up; null where they do. */
  readonly note: string | null
  /** Of this visit. */
  readonly results: readonly RunResult[]
}) {
  const { system, preset, note, results } = props
  const { about, source, reported, differences } = system
  const rows = labRows(system, OWN_RESULTS, results)
  return (
    <div className={styles.page}>
      <p>{about}</p>
      <p>
        Source:{' '}
        <a href={source.url} target="_blank" rel="noreferrer">
          {source.name}
        </a>
      </p>
      {preset.note !== null && (
        <p>
          <strong>{preset.title}</strong>: {preset.note}
        </p>
      )}
      {note !== null && <p className={styles.note}>{note}</p>}
      <div className={styles.tables}>
        <section>
          <h3>Reported by the author</h3>
          <MetricTable
            columns={reported.columns}
            rows={reported.rows.map(({ preset: id, identity, cells }) => ({
              key: `${id} ${identity} ${cells.join(' ')}`,
              presetId: id,
              identity,
              cells,
            }))}
            {...{ system, chosen: preset.id }}
          />
          {reported.note !== null && <p className={styles.note}>{reported.note}</p>}
        </section>
        <section>
          <h3>Our reference results</h3>
          {rows.length > 0 ? (
            <MetricTable columns={LAB_COLUMNS} rows={rows} {...{ system, chosen: preset.id }} />
          ) : (
            <p className={styles.note}>
              None yet. Train a preset of this system to see its test accuracy here.
            </p>
          )}
        </section>
      </div>
      <section>
        <h3>Differences from the source, and our interpretations</h3>
        <ul className={styles.differences}>
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
      </section>
    </div>
  )
}

/** Metrics by preset and identity; the chosen preset's stand out. */
function MetricTable(props: {
  readonly system: System
  readonly chosen: string
  readonly columns: readonly string[]
  readonly rows: readonly MetricRow[]
}) {
  const { system, chosen, columns, rows } = props
  const titleOf = (id: string) => system.presets.find((preset) => preset.id === id)?.title ?? id
  return (
    <table className={styles.metrics}>
      <thead>
        <tr>
          {['Preset', 'Identity', ...columns].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, presetId, identity, cells }) => (
          <tr key={key} className={presetId === chosen ? styles.chosen : undefined}>
            <th scope="row">{titleOf(presetId)}</th>
            <td>{identity ? 'with' : 'without'}</td>
            {cells.map((cell, i): ReactNode => (
              <td key={columns[i]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
