import { useContext } from 'react'
import { MenuButton, MenuChoices } from '../../foundation/controls/menu-button.tsx'
import { RowCommandsContext } from './row-commands.ts'
import type { RunRow } from './run-rows.ts'

/** What can be done with a run, folded away until asked for. */
export function RowMenu({ row, label }: { readonly row: RunRow; readonly label: string }) {
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
