import { useContext } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components'
import { RowCommandsContext } from './row-commands.ts'
import type { RunRow } from './run-rows.ts'
import styles from './row-menu.module.css'

/** What can be done with a run, folded away until asked for. */
export function RowMenu({ row, label }: { readonly row: RunRow; readonly label: string }) {
  return (
    <MenuTrigger>
      <Button className={styles.button ?? ''} aria-label={`Actions for ${label}`}>
        <svg width="12" height="4" aria-hidden="true">
          <path d="M1 2h2m2 0h2m2 0h2" />
        </svg>
      </Button>
      <Popover className={styles.popover ?? ''}>
        <Items row={row} />
      </Popover>
    </MenuTrigger>
  )
}

/** Drawn while the menu is open. */
function Items({ row }: { readonly row: RunRow }) {
  const commands = useContext(RowCommandsContext)(row)
  return (
    <Menu
      className={styles.menu ?? ''}
      aria-label="Actions"
      onAction={(key) => commands.find(({ id }) => id === key)?.perform()}
    >
      {commands.map(({ id, text, refused }) => (
        <MenuItem
          key={id}
          id={id}
          textValue={text}
          isDisabled={refused !== null}
          className={styles.item ?? ''}
        >
          <Text slot="label">{text}</Text>
          {refused !== null && <Text slot="description">{refused}</Text>}
        </MenuItem>
      ))}
    </Menu>
  )
}
