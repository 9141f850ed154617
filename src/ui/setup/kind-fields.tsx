import {
  type FieldContext,
  fieldForms,
  type FieldForm,
  type Fields,
  type FieldText,
} from '../../base/kind-fields.ts'
import { readAscending } from '../../base/typed-number.ts'
import { NumberField } from '../foundation/controls/number-field.tsx'
import { SelectField } from '../foundation/controls/select-field.tsx'
import { SwitchField } from '../foundation/controls/switch-field.tsx'
import { TextField } from '../foundation/controls/text-field.tsx'
import styles from './setup.module.css'
import type { Unit } from '../../schedules/unit.ts'
import { UnitField } from './unit-field.tsx'

/** The fields of an optimiser, a shortcut or another kind of thing, as its module describes them. */
export function KindFields(props: {
  readonly fields: Fields
  readonly values: FieldContext['values']
  readonly isValidated?: boolean
  readonly onChange: (field: string, value: unknown) => void
  /** The unit of the other fields becomes another. */
  readonly onUnit?: (unit: Unit) => void
}) {
  const { fields, values, isValidated = false, onChange, onUnit } = props
  return fieldForms(fields).map(([name, form]) => (
    <KindField
      key={name}
      form={form}
      value={values[name]}
      context={{ values, isValidated }}
      onChange={(value) => onChange(name, value)}
      onUnit={onUnit ?? ((unit) => onChange(name, unit))}
    />
  ))
}

function KindField(props: {
  readonly form: FieldForm
  readonly value: unknown
  readonly context: FieldContext
  readonly onChange: (value: unknown) => void
  readonly onUnit: (unit: Unit) => void
}) {
  const { form, value, context, onChange, onUnit } = props
  const { control, hint } = form
  const textOf = (text: FieldText) => (typeof text === 'string' ? text : text(context))
  const label = textOf(form.label)
  const disabled = form.isDisabled?.(context) ?? false
  switch (control.kind) {
    case 'number': {
      const { min, max, whole, step, unit } = control
      return (
        <NumberField
          {...{ label, onChange, min, max, whole, step, hint, disabled }}
          value={Number(value)}
          unit={unit === undefined ? undefined : textOf(unit)}
        />
      )
    }
    case 'switch':
      return (
        <div className={styles.beside}>
          <SwitchField {...{ label, onChange, disabled }} value={value === true} />
        </div>
      )
    case 'choice':
      return (
        <SelectField
          {...{ label, onChange, hint, disabled }}
          options={control.options}
          value={String(value)}
        />
      )
    case 'time-unit':
      return <UnitField label={label} onChange={onUnit} value={value === 'epoch' ? 'epoch' : 'iteration'} />
    case 'milestones': {
      const { most, last, unit } = control
      return (
        <div className={styles.wide}>
          <TextField
            {...{ label, onChange, hint, disabled }}
            value={Array.isArray(value) ? value : []}
            write={(milestones) => milestones.join(', ')}
            read={(text) => {
              const parsed = readAscending(text, { min: 1, max: last })
              return 'value' in parsed && parsed.value.length > most ? { error: `At most ${most}.` } : parsed
            }}
            unit={textOf(unit)}
          />
        </div>
      )
    }
    default:
      return control satisfies never
  }
}
