import type { OptimiserConfig } from '../../contract/run-config.ts'
import { Panel } from '../app/panel.tsx'
import { NumberField } from '../controls/number-field.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { SwitchField } from '../controls/switch-field.tsx'
import { LearningRateCurve } from './learning-rate-curve.tsx'
import { ScheduleFields } from './schedule-fields.tsx'
import type { SetupPanelProps } from './setup-panel-props.ts'
import styles from './setup.module.css'

const DECAYS = [
  { id: 'all', text: 'Everything', note: 'As PyTorch does by default' },
  { id: 'all-but-biases', text: 'All but biases', note: 'Not biases, nor batch norm’s β' },
  { id: 'weights-only', text: 'Weights only', note: 'Nor batch norm’s γ' },
] as const

/** SGD, and how its learning rate moves. */
export function OptimiserPanel({ setup, edit }: SetupPanelProps) {
  const { optimiser, labelSmoothing } = setup
  const change = (part: Partial<OptimiserConfig>) =>
    edit((before) => ({ ...before, optimiser: { ...before.optimiser, ...part } }))
  return (
    <Panel title="Optimiser" aside="SGD">
      <div className={styles.fields}>
        <NumberField
          label="Learning rate"
          value={optimiser.learningRate}
          onChange={(learningRate) => change({ learningRate })}
          min={1e-7}
          max={100}
          whole={false}
          step={0.01}
        />
        <NumberField
          label="Momentum"
          value={optimiser.momentum}
          onChange={(momentum) => change({ momentum })}
          min={0}
          max={0.9999}
          whole={false}
          step={0.1}
        />
        <NumberField
          label="Weight decay"
          value={optimiser.weightDecay}
          onChange={(weightDecay) => change({ weightDecay })}
          min={0}
          max={1}
          whole={false}
          step={1e-4}
        />
        <SelectField
          label="Decays"
          options={DECAYS}
          value={optimiser.decays}
          onChange={(decays) => change({ decays })}
          disabled={optimiser.weightDecay === 0}
        />
        <NumberField
          label="Label smoothing"
          value={labelSmoothing}
          onChange={(smoothing) => edit((before) => ({ ...before, labelSmoothing: smoothing }))}
          min={0}
          max={0.9}
          whole={false}
          step={0.05}
        />
        <div className={styles.beside}>
          <SwitchField
            label={optimiser.momentum === 0 ? 'Nesterov (needs momentum)' : 'Nesterov'}
            value={optimiser.nesterov}
            onChange={(nesterov) => change({ nesterov })}
            disabled={optimiser.momentum === 0}
          />
        </div>
        <ScheduleFields setup={setup} edit={edit} />
      </div>
      <LearningRateCurve setup={setup} />
    </Panel>
  )
}
