import { memo, useContext } from 'react'
import { NameButton, NameField } from './name-cell.tsx'
import { deltaText, type RunColumn } from './run-columns.ts'
import type { RunLine } from './run-lines.ts'
import { nameOf, type RunRow } from './run-rows.ts'
import styles from './run-table.module.css'
import { groupMetricText, groupSize, type SeedGroup } from './seed-groups.ts'
import { MenuButton, MenuChoices } from '../../foundation/controls/menu-button.tsx'
import { RowCommandsContext } from './row-commands.ts'

type Props = {
  readonly row: RunRow
  readonly place: Extract<RunLine, { kind: 'run' }>['place']
  readonly columns: readonly RunColumn[]
  readonly baseline: RunRow | null
  readonly selected: boolean
  readonly renaming: boolean
  readonly onSelect: (run: string, selected: boolean) => void
  readonly onDetails: (row: RunRow) => void
  /** Null: none any more. */
  readonly onRenaming: (run: string | null) => void
  readonly onName: (run: string, name: string) => void
}

/** A run: its box, its name and menu, its metrics and what they are above or below the baseline's. */
export const RunTableRow = memo(function RunTableRow(props: Props) {
  const { row, place, columns, baseline, selected, renaming, onSelect, onDetails, onRenaming, onName } = props
  const { entry, name } = row
  const label = rowLabel(row)
  return (
    <tr data-place={place} data-selected={selected ? '' : undefined}>
      <td className={styles.box}>
        <input
          type="checkbox"
          aria-label={`Select ${label}`}
          checked={selected}
          onChange={(event) => onSelect(entry.run, event.target.checked)}
        />
      </td>
      <th scope="row">
        <div className={styles.title}>
          {place === 'baseline' && <span className={styles.chip}>baseline</span>}
          {renaming ? (
            <NameField
              name={entry.name}
              madeName={nameOf({ ...entry, name: '' })}
              onDone={(chosen) => {
                onRenaming(null)
                if (chosen !== null) onName(entry.run, chosen)
              }}
            />
          ) : (
            <NameButton
              {...{ name, label }}
              isMade={entry.name === ''}
              onOpen={() => onDetails(row)}
              onRename={() => onRenaming(entry.run)}
            />
          )}
          <RowMenu row={row} label={label} />
        </div>
        {entry.notes !== '' && <p className={styles.notes}>{entry.notes}</p>}
      </th>
      {columns.map((column) => (
        <Cell key={column.id} {...{ column, row, baseline }} />
      ))}
    </tr>
  )
}, showTheSame)

function Cell(props: { readonly column: RunColumn; readonly row: RunRow; readonly baseline: RunRow | null }) {
  const { column, row, baseline } = props
  const delta = deltaText(column, row, baseline)
  const { why } = row.state
  return (
    <td className={column.metric ? styles.metric : undefined} data-column={column.id}>
      {column.text(row)}
      {delta !== null && <span className={styles.delta}>{delta}</span>}
      {column.id === 'state' && why !== null && (
        <p className={styles.why} title={why}>
          {why}
        </p>
      )}
    </td>
  )
}

/** Rows are made anew when any run changes; one whose own run did not is drawn as it is. */
function showTheSame(before: Props, after: Props): boolean {
  const { row: rowBefore, ...restBefore } = before
  const { row: rowAfter, ...restAfter } = after
  const same = (one: object, other: object) => {
    const known = new Map(Object.entries(one))
    return Object.entries(other).every(([key, value]) => Object.is(known.get(key), value))
  }
  return (
    rowBefore.entry === rowAfter.entry && same(rowBefore.state, rowAfter.state) && same(restBefore, restAfter)
  )
}

/** The metrics of a group of seeds. */
export function GroupTableRow(props: { readonly group: SeedGroup; readonly columns: readonly RunColumn[] }) {
  const { group, columns } = props
  const [first] = group.rows
  if (!first) return null
  return (
    <tr data-place="mean">
      <th scope="row" colSpan={2} className={styles.group}>
        {nameOf({ ...first.entry, name: '' })} <span className={styles.size}>{groupSize(group)}</span>
      </th>
      {columns.map((column) => (
        <td key={column.id} className={column.metric ? styles.metric : undefined}>
          {column.metric || ONLY_OF_RUNS.has(column.id) ? groupMetricText(column, group) : column.text(first)}
        </td>
      ))}
    </tr>
  )
}

/** Not the same in all runs of a group. */
const ONLY_OF_RUNS = new Set(['state'])

/** "ResNet-8, 4 channels, A with identity, seed 1": what tells a run from its pair when it is read out. */
function rowLabel({ entry, name }: RunRow): string {
  const { network, seed } = entry.config
  return `${name}, ${network.identity ? 'A with' : 'B without'} identity, seed ${seed}`
}

/** What can be done with a run, folded away until asked for. */
function RowMenu({ row, label }: { readonly row: RunRow; readonly label: string }) {
  return (
    <MenuButton label={`Actions for ${label}`}>
      <Items row={row} />
    </MenuButton>
  )
}

/** Apart, because what is read here changes with every step and the menu is drawn only while it is open. */
function Items({ row }: { readonly row: RunRow }) {
  const commands = useContext(RowCommandsContext)(row)
  return (
    <MenuChoices
      label="Actions"
      choices={commands.map(({ id, text, refused, perform }) => ({
        id,
        text,
        note: refused,
        disabled: refused !== null,
        perform,
      }))}
    />
  )
}
