import type { ActivationFormat } from '../../base/activation-format.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { SelectField } from '../foundation/controls/select-field.tsx'

const FORMATS = [
  { id: 'f32', text: 'float32', note: 'As PyTorch does by default' },
  { id: 'f16', text: 'float16', note: 'Half the memory; sums and weights stay float32' },
] as const

/** How activations are stored. A set-up from a GPU that has float16 can be led back where there is none. */
export function ActivationsField(props: {
  readonly value: ActivationFormat
  readonly onChange: (format: ActivationFormat) => void
  /** Null while the device is still being looked for. */
  readonly device: DeviceInfo | null
}) {
  const { value, onChange, device } = props
  const lacksHalves = device !== null && !device.activationFormats.includes('f16')
  return (
    <SelectField
      label="Activations in"
      options={FORMATS}
      value={value}
      onChange={onChange}
      disabled={lacksHalves && value === 'f32'}
      hint={lacksHalves ? 'This device stores float32 only.' : undefined}
    />
  )
}
