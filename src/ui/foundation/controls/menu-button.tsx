import type { ReactNode } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components'
import styles from './menu-button.module.css'

/** A button that unfolds a menu: three dots, or a word. Its children, `MenuChoices`, are drawn while it is open. */
export function MenuButton(props: {
  readonly label: string
  readonly face?: string
  readonly children: ReactNode
}) {
  const { label, face, children } = props
  return (
    <MenuTrigger>
      <Button className={`${styles.button} ${face ? styles.word : ''}`} aria-label={label}>
        {face ?? (
          <svg width="12" height="4" aria-hidden="true">
            <path d="M1 2h2m2 0h2m2 0h2" />
          </svg>
        )}
      </Button>
      <Popover className={styles.popover ?? ''}>{children}</Popover>
    </MenuTrigger>
  )
}

export type MenuChoice = {
  readonly id: string
  readonly text: string
  /** Below the text; of a choice that is refused, why. */
  readonly note?: string | null
  readonly disabled?: boolean
  readonly perform: () => void
}

export function MenuChoices(props: { readonly label: string; readonly choices: readonly MenuChoice[] }) {
  const { label, choices } = props
  return (
    <Menu
      className={styles.menu ?? ''}
      aria-label={label}
      onAction={(key) => choices.find(({ id }) => id === key)?.perform()}
    >
      {choices.map(({ id, text, note, disabled = false }) => (
        <MenuItem key={id} id={id} textValue={text} isDisabled={disabled} className={styles.item ?? ''}>
          <Text slot="label">{text}</Text>
          {note != null && <Text slot="description">{note}</Text>}
        </MenuItem>
      ))}
    </Menu>
  )
}
