import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import styles from './segmented.module.css'

/** One choice of a few, all of them visible. */
export function Segmented<Id extends string>({
  label,
  options,
  value,
  onChange,
}: {
  /** Read out. */
  readonly label: string
  readonly options: readonly { readonly id: Id; readonly text: string }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find(({ id }) => keys.has(id))
        if (chosen) onChange(chosen.id)
      }}
      className={styles.group ?? ''}
    >
      {options.map(({ id, text }) => (
        <ToggleButton key={id} id={id} className={styles.option ?? ''}>
          {text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
