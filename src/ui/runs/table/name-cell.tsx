import { useEffect, useRef, useState } from 'react'
import { NAME_LENGTH } from '../../../contract/run-record.ts'
import styles from './run-table.module.css'

/** A run's name, which opens its details; F2 changes it where it stands. */
export function NameButton(props: {
  readonly name: string
  /** Made of its settings, not given. */
  readonly isMade: boolean
  readonly label: string
  readonly onOpen: () => void
  readonly onRename: () => void
}) {
  const { name, isMade, label, onOpen, onRename } = props
  return (
    <button
      type="button"
      className={styles.name}
      data-made={isMade ? '' : undefined}
      aria-label={label}
      aria-haspopup="dialog"
      aria-keyshortcuts="F2"
      title={name}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key === 'F2') onRename()
      }}
    >
      {name}
    </button>
  )
}

/** Enter, or leaving the box, takes the new name; Escape leaves the old one. */
export function NameField(props: {
  readonly name: string
  /** Shown while the box is empty: what the run is called without a name. */
  readonly madeName: string
  /** Null: the name stays. */
  readonly onDone: (name: string | null) => void
}) {
  const { name, madeName, onDone } = props
  const [draft, setDraft] = useState(name)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // After the menu that asked for it has given the focus back.
    const asked = setTimeout(() => box.current?.select(), 50)
    return () => clearTimeout(asked)
  }, [])
  const take = () => onDone(draft.trim() === name ? null : draft.trim())
  return (
    <input
      ref={box}
      className={styles.nameField}
      aria-label="Name"
      value={draft}
      maxLength={NAME_LENGTH}
      placeholder={madeName}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        // The focus stays in the cell, on the name that takes the box's place.
        const cell = event.currentTarget.closest('th')
        setTimeout(() => cell?.querySelector('button')?.focus())
        if (event.key === 'Enter') take()
        else onDone(null)
      }}
    />
  )
}
