import { type KeyboardEvent, useState } from 'react'
import { FieldError, Input, Label, Text, TextField as AriaTextField } from 'react-aria-components'
import type { Parsed } from '../../../base/typed-number.ts'
import styles from './field.module.css'
import { useInvalidField } from './invalid-fields.tsx'

/**
 * A text box for a value of any type. What a person types takes effect as soon as it can be read; while it cannot,
 * the box says why and the value stays. On leaving, the box shows the value again, but what cannot be read stays there with
 * its explanation until it is corrected, until Escape, or until the value becomes another.
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
  /** What is in the box where that is not the value: `left` is the value that a person left it at. */
  const [typed, setTyped] = useState<{ text: string; left: string | null } | null>(null)
  const written = write(value)
  const draft = typed === null || (typed.left !== null && typed.left !== written) ? null : typed.text
  const parsed = draft === null ? null : read(draft)
  const error = parsed && 'error' in parsed && !disabled ? parsed.error : null
  useInvalidField(label, error !== null)

  function type(text: string): void {
    setTyped({ text, left: null })
    const now = read(text)
    if ('value' in now) onChange(now.value)
  }

  return (
    <AriaTextField
      className={styles.field ?? ''}
      value={draft ?? written}
      onChange={type}
      onBlur={() => setTyped(draft !== null && error !== null ? { text: draft, left: written } : null)}
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
            if (event.isDefaultPrevented() || event.key === 'Escape') setTyped(null)
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
