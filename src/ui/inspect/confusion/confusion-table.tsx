// A confusion matrix with its values in the cells, for as many classes as values can be read of.
import { memo, useRef, useState, type KeyboardEvent } from 'react'
import { THEME_INK } from '../../drawings/drawing-ink.ts'
import { cellAfterKey } from './cell-keys.ts'
import { TEXT_STRENGTH, tint } from './colours.ts'
import { cellOf, levelOf } from './confusion-values.ts'
import type { ConfusionGridProps } from './confusion-view.ts'
import { cellText, type CellPosition } from './format-confusion.ts'
import styles from './confusion-table.module.css'

export const ConfusionTable = memo(function ConfusionTable(props: ConfusionGridProps) {
  const { view, classNames, label, onPoint } = props
  /** The one cell in the tab order. */
  const [roving, setRoving] = useState<CellPosition>({ truth: 0, predicted: 0 })
  const table = useRef<HTMLTableElement>(null)

  const onKeyDown = (event: KeyboardEvent) => {
    const next = cellAfterKey(roving, event, classNames.length)
    if (!next) return
    event.preventDefault()
    // Beyond the row and the column of names.
    table.current?.rows[next.truth + 1]?.cells[next.predicted + 1]?.focus()
  }

  return (
    <table
      ref={table}
      // The ARIA practice of a grid on a table: the arrow keys move a cell.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
      role="grid"
      aria-label={label}
      className={styles.matrix}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint(null)}
    >
      <thead>
        <tr>
          <th scope="col" className={styles.corner}>
            true ↓ predicted →
          </th>
          {classNames.map((name) => (
            <th key={name} scope="col" className={styles.column}>
              <span>{name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {classNames.map((name, truth) => (
          <tr key={name}>
            <th scope="row" className={styles.row}>
              {name}
            </th>
            {classNames.map((other, predicted) => {
              const value = cellOf(view.matrix, truth, predicted)
              const place = { truth, predicted }
              return (
                <td
                  key={other}
                  tabIndex={roving.truth === truth && roving.predicted === predicted ? 0 : -1}
                  className={truth === predicted ? styles.diagonal : undefined}
                  style={{
                    backgroundColor: tint(levelOf(value, view.largest), view, TEXT_STRENGTH, THEME_INK),
                  }}
                  onPointerEnter={() => onPoint(place)}
                  onFocus={() => {
                    setRoving(place)
                    onPoint(place)
                  }}
                >
                  {cellText(value, view.unit, view.signed)}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
})
