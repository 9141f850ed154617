import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components'
import styles from './field.module.css'

/** One choice of several, folded away until asked for. */
export function SelectField<Id extends string>(props: {
  readonly label: string
  readonly options: readonly { readonly id: Id; readonly text: string; readonly note?: string }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  readonly disabled?: boolean
  readonly hint?: string | undefined
}) {
  const { label, options, value, onChange, disabled = false, hint } = props
  return (
    <Select
      className={styles.field ?? ''}
      value={value}
      isDisabled={disabled}
      onChange={(key) => {
        const chosen = options.find(({ id }) => id === key)
        if (chosen) onChange(chosen.id)
      }}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <Button className={styles.select ?? ''}>
        <SelectValue className={styles.value ?? ''} />
        <svg className={styles.chevron} width="10" height="6" aria-hidden="true">
          <path d="M1 1l4 4 4-4" />
        </svg>
      </Button>
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <Popover className={styles.popover ?? ''}>
        <ListBox className={styles.options ?? ''}>
          {options.map(({ id, text, note }) => (
            <ListBoxItem key={id} id={id} textValue={text} className={styles.option ?? ''}>
              <Text slot="label">{text}</Text>
              {note !== undefined && <Text slot="description">{note}</Text>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  )
}
