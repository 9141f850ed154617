import { type NumberRange, readNumber } from '../../../base/typed-number.ts'
import { TextField } from './text-field.tsx'

/** A number within a range. The up and down arrows change it by `step`. */
export function NumberField(
  props: NumberRange & {
    readonly label: string
    readonly value: number
    readonly onChange: (value: number) => void
    readonly step?: number
    readonly unit?: string | undefined
    readonly hint?: string | undefined
    readonly disabled?: boolean
  },
) {
  const { label, value, onChange, step = 1, unit, hint, disabled = false, whole } = props
  return (
    <TextField
      {...{ label, value, onChange, unit, hint, disabled }}
      write={String}
      read={(text) => readNumber(text, props)}
      inputMode={whole ? 'numeric' : 'decimal'}
      onKeyDown={(event) => {
        const direction = ARROWS[event.key]
        if (direction === undefined) return
        event.preventDefault()
        // Twelve digits: a sum such as 0.1 + 0.2 shows as 0.3.
        const next = Number((value + direction * step).toPrecision(12))
        if ('value' in readNumber(String(next), props)) onChange(next)
      }}
    />
  )
}

const ARROWS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1 }
