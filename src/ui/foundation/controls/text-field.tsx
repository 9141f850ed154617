import { type KeyboardEvent, useState } from 'react'
import { FieldError, Input, Label, Text, TextField as AriaTextField } from 'react-aria-components'
import styles from './field.module.css'

export type Parsed<T> = { readonly value: T } | { readonly error: string }

/**
 * A text box for a value of any type. What a person types takes effect as soon as it can be read; while it cannot,
 * the box says why and the value stays; on leaving, the box shows the value again.
 */
export function TextField<T>(props: {
  readonly label: string
  readonly value: T
  readonly write: (value: T) => string
  readonly read: (text: string) => Parsed<T>
  readonly onChange: (value: T) => void
  readonly unit?: string | undefined
  readonly hint?: string | undefined
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly inputMode?: 'numeric' | 'decimal' | 'url' | 'text'
  readonly onKeyDown?: (event: KeyboardEvent) => void
}) {
  const { label, value, write, read, onChange, unit, hint, placeholder, disabled = false, inputMode } = props
  /** What is in the box while a person is in it; null otherwise. */
  const [draft, setDraft] = useState<string | null>(null)
  const parsed = draft === null ? null : read(draft)
  const error = parsed && 'error' in parsed ? parsed.error : null

  function type(text: string): void {
    setDraft(text)
    const typed = read(text)
    if ('value' in typed) onChange(typed.value)
  }

  return (
    <AriaTextField
      className={styles.field ?? ''}
      value={draft ?? write(value)}
      onChange={type}
      onBlur={() => setDraft(null)}
      isInvalid={error !== null}
      isDisabled={disabled}
      {...(inputMode && { inputMode })}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <span className={styles.box}>
        <Input
          className={styles.input ?? ''}
          {...(placeholder !== undefined && { placeholder })}
          spellCheck={false}
          autoComplete="off"
          onKeyDown={(event) => {
            // The arrows change the value itself, so the box shows it rather than what was typed.
            props.onKeyDown?.(event)
            if (event.isDefaultPrevented()) setDraft(null)
          }}
        />
        {unit !== undefined && <span className={styles.unit}>{unit}</span>}
      </span>
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </AriaTextField>
  )
}
