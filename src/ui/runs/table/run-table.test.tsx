// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { entryOf, resultOf, rowsOf } from '../../../testing/ui/entries.ts'
import { mount } from '../../../testing/ui/mount-in-lab.tsx'
import { RowCommandsContext } from './row-commands.ts'
import { BASE_COLUMNS } from './run-columns.ts'
import { RunTable, type RunTableProps } from './run-table.tsx'
import type { Sort } from './run-rows.ts'

const ROWS = rowsOf(
  entryOf('p', { name: 'first', createdAt: 1, result: resultOf(0.9) }),
  entryOf('q', { name: 'second', createdAt: 2, result: resultOf(0.7) }),
  entryOf('r', { name: 'third', createdAt: 3, result: null, state: 'queued' }),
)

const ignore = () => undefined

/** A table that sorts and selects as the zone lets it. */
function table(rename = vi.fn<(run: string) => void>()) {
  const onSelect = vi.fn<RunTableProps['onSelect']>()
  const onSelectAll = vi.fn<RunTableProps['onSelectAll']>()
  function Table() {
    const [sort, setSort] = useState<Sort>({ column: 'created', descending: true })
    const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
    return (
      <RowCommandsContext
        value={(row) => [
          { id: 'rename', text: 'Rename', refused: null, perform: () => rename(row.entry.run) },
          {
            id: 'delete',
            text: 'Delete',
            refused: 'It is training. Stop it first.',
            perform: () => rename('refused'),
          },
        ]}
      >
        <RunTable
          rows={ROWS}
          columns={BASE_COLUMNS}
          {...{ sort, selected }}
          onSort={setSort}
          grouped={false}
          baseline={null}
          onSelect={(run, on) => {
            onSelect(run, on)
            setSelected(new Set([run]))
          }}
          onSelectAll={onSelectAll}
          renaming={null}
          onRenaming={ignore}
          onName={ignore}
          onDetails={ignore}
        />
      </RowCommandsContext>
    )
  }
  const user = mount(<Table />)
  return { user, onSelect, onSelectAll, rename }
}

const bodyRows = () => screen.getAllByRole('row').slice(1)
const order = () =>
  bodyRows().map((row) => ['first', 'second', 'third'].find((name) => row.textContent?.includes(name)))
const header = (name: RegExp) => screen.getByRole('columnheader', { name })

test('a press on a column sorts by it, best first; another press turns it around', async () => {
  const { user } = table()
  expect(order()).toEqual(['third', 'second', 'first'])
  await user.click(within(header(/^Best/)).getByRole('button'))
  expect(order()).toEqual(['first', 'second', 'third'])
  expect(header(/^Best/).getAttribute('aria-sort')).toBe('descending')
  await user.click(within(header(/^Best/)).getByRole('button'))
  expect(order()).toEqual(['second', 'first', 'third'])
  expect(header(/^Best/).getAttribute('aria-sort')).toBe('ascending')
})

test('a run is selected by its box, and all by the box in the head', async () => {
  const { user, onSelect, onSelectAll } = table()
  const [box] = screen.getAllByRole<HTMLInputElement>('checkbox', { name: /^Select second/ })
  if (!box) throw new Error('the second run has no box')
  await user.click(box)
  expect(onSelect.mock.calls).toEqual([['q', true]])
  expect(box.checked).toBe(true)
  const all = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Select all runs shown' })
  expect([all.checked, all.indeterminate]).toEqual([false, true])
  await user.click(all)
  expect(onSelectAll.mock.calls).toEqual([[true]])
})

test('a row’s menu performs a command on its own run, and a refused one says why and does nothing', async () => {
  const { user, rename } = table()
  await user.click(screen.getByRole('button', { name: /^Actions for second/ }))
  const refused = screen.getByRole('menuitem', { name: 'Delete' })
  expect(refused.textContent).toContain('Stop it first.')
  await user.click(refused)
  expect(rename).not.toHaveBeenCalled()
  await user.click(screen.getByRole('menuitem', { name: 'Rename' }))
  expect(rename.mock.calls).toEqual([['q']])
})

test('the arrow keys go to the same control of the next row', async () => {
  const { user } = table()
  const boxes = screen.getAllByRole('checkbox')
  boxes[1]?.focus()
  await user.keyboard('{ArrowDown}')
  expect(document.activeElement).toBe(boxes[2])
  await user.keyboard('{ArrowUp}{ArrowUp}')
  expect(document.activeElement).toBe(boxes[0])
})
