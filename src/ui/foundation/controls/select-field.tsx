import {
  Button,
  Header,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components'
import styles from './field.module.css'

export type SelectOption<Id extends string> = {
  readonly id: Id
  readonly text: string
  readonly note?: string
  /** Why it cannot be chosen now, shown in place of the note; absent where it can. */
  readonly refused?: string
}

/** Options under a heading. */
export type SelectSection<Id extends string> = {
  readonly heading: string
  readonly options: readonly SelectOption<Id>[]
}

/** One choice of several, folded away until asked for. */
export function SelectField<Id extends string>(props: {
  readonly label: string
  readonly options: readonly (SelectOption<Id> | SelectSection<Id>)[]
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
        const choices = options.flatMap((option) => ('heading' in option ? option.options : [option]))
        const chosen = choices.find(({ id }) => id === key)
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
          {options.map((option) =>
            'heading' in option ? (
              <ListBoxSection key={option.heading} className={styles.section ?? ''}>
                <Header className={styles.heading ?? ''}>{option.heading}</Header>
                {option.options.map(item)}
              </ListBoxSection>
            ) : (
              item(option)
            ),
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}

function item({ id, text, note, refused }: SelectOption<string>) {
  const description = refused ?? note
  return (
    <ListBoxItem
      key={id}
      id={id}
      textValue={text}
      isDisabled={refused !== undefined}
      className={styles.option ?? ''}
    >
      <Text slot="label">{text}</Text>
      {description !== undefined && <Text slot="description">{description}</Text>}
    </ListBoxItem>
  )
}
