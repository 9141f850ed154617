import type { DeviceInfo } from '../../contract/device-info.ts'
import { canEvaluateFirst } from '../../client/setup/setup.ts'
import { runLength } from '../../runs/run-length.ts'
import { Panel } from '../foundation/panel.tsx'
import { count } from '../charts/curve-values.ts'
import { NumberField } from '../foundation/controls/number-field.tsx'
import { SelectField } from '../foundation/controls/select-field.tsx'
import { SwitchField } from '../foundation/controls/switch-field.tsx'
import type { SetupPanelProps } from './setup-panel-props.ts'
import styles from './setup.module.css'
import type { ActivationFormat } from '../../base/activation-format.ts'

const UNITS = [
  { id: 'epoch', text: 'epochs' },
  { id: 'iteration', text: 'iterations' },
] as const

/** How long a run is, in which batches, and from which seed. @param device null while it is still being looked for */
export function RunLengthPanel({
  setup,
  edit,
  device,
}: SetupPanelProps & { readonly device: DeviceInfo | null }) {
  const { budget, batchSize, activations, seed, evaluateFirst } = setup
  const { trainImages, stepsPerEpoch, totalSteps, epochs } = runLength(setup)
  const last = trainImages - (stepsPerEpoch - 1) * batchSize
  return (
    <Panel title="Length" aside={`${count(totalSteps)} iterations`}>
      <div className={styles.fields}>
        <NumberField
          label="Train for"
          value={budget.amount}
          onChange={(amount) => edit((before) => ({ ...before, budget: { ...before.budget, amount } }))}
          min={1}
          max={10_000_000}
          whole
        />
        <SelectField
          label="Unit"
          options={UNITS}
          value={budget.unit}
          onChange={(unit) =>
            edit((before) => ({
              ...before,
              budget: { unit, amount: unit === 'epoch' ? epochs : totalSteps },
            }))
          }
        />
        <NumberField
          label="Batch size"
          value={batchSize}
          onChange={(size) => edit((before) => ({ ...before, batchSize: size }))}
          min={1}
          max={4096}
          whole
          unit="images"
        />
        <NumberField
          label="Seed"
          value={seed}
          onChange={(value) => edit((before) => ({ ...before, seed: value }))}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          whole
        />
        <ActivationsField
          value={activations}
          onChange={(format) => edit((before) => ({ ...before, activations: format }))}
          device={device}
        />
      </div>
      <SwitchField
        label={
          canEvaluateFirst(setup)
            ? 'Evaluate before training (epoch 0)'
            : 'Evaluate before training (not with a running variance of 0)'
        }
        value={evaluateFirst}
        disabled={!canEvaluateFirst(setup)}
        onChange={(on) => edit((before) => ({ ...before, evaluateFirst: on }))}
      />
      <p className={styles.note}>
        {count(stepsPerEpoch)} {stepsPerEpoch === 1 ? 'batch' : 'batches'} per epoch
        {last < batchSize && ` (last: ${count(last)} ${last === 1 ? 'image' : 'images'})`}, tested after each
        epoch. A and B share initial weights and batches.
      </p>
    </Panel>
  )
}

const FORMATS = [
  { id: 'f32', text: 'float32', note: 'As PyTorch does by default' },
  { id: 'f16', text: 'float16', note: 'Half the memory; sums and weights stay float32' },
] as const

/** How activations are stored. A set-up from a GPU that has float16 can be led back where there is none. */
function ActivationsField(props: {
  readonly value: ActivationFormat
  readonly onChange: (format: ActivationFormat) => void
  /** Null while the device is still being looked for. */
  readonly device: DeviceInfo | null
}) {
  const { value, onChange, device } = props
  const lacksHalves = device !== null && !device.activationFormats.includes('f16')
  return (
    <SelectField
      label="Activation format"
      options={FORMATS}
      value={value}
      onChange={onChange}
      disabled={lacksHalves && value === 'f32'}
      hint={lacksHalves ? 'This device stores float32 only.' : undefined}
    />
  )
}
