import { OPTIMISER_DEFAULTS } from '../../../config/optimiser-defaults.ts'
import type { OptimiserConfig } from '../../../config/recipe-config.ts'
import { Panel } from '../../foundation/panel.tsx'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { OptimiserFields } from './optimiser-fields.tsx'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'
import { useChoiceOfKind } from '../use-choice-of-kind.ts'

const DECAYS = [
  { id: 'all', text: 'All parameters', note: 'As PyTorch does by default' },
  { id: 'all-but-biases', text: 'All but biases', note: 'Excludes biases and batch norm’s β' },
  { id: 'weights-only', text: 'Weights only', note: 'Excludes biases and batch norm’s γ and β' },
] as const

const KINDS = [
  { id: 'sgd', text: 'SGD', note: 'Used by every system here' },
  { id: 'adam', text: 'Adam', note: 'Weight decay is part of the gradient' },
  { id: 'adamw', text: 'AdamW', note: 'Decoupled weight decay' },
  { id: 'rmsprop', text: 'RMSProp' },
  { id: 'adagrad', text: 'Adagrad' },
] as const

/** The optimiser, and what it optimises. */
export function OptimiserPanel({ setup, edit }: SetupPanelProps) {
  const { optimiser, labelSmoothing } = setup
  const change = (next: OptimiserConfig) => edit((before) => ({ ...before, optimiser: next }))
  const choose = useChoiceOfKind(optimiser, change, (kind) => OPTIMISER_DEFAULTS[kind])
  return (
    <Panel title="Optimiser">
      <div className={styles.fields}>
        <SelectField label="Method" options={KINDS} value={optimiser.kind} onChange={choose} />
        <NumberField
          label="Learning rate"
          value={optimiser.learningRate}
          onChange={(learningRate) => change({ ...optimiser, learningRate })}
          min={1e-7}
          max={100}
          whole={false}
          step={0.01}
        />
        <OptimiserFields optimiser={optimiser} change={change} />
        <NumberField
          label="Weight decay"
          value={optimiser.weightDecay}
          onChange={(weightDecay) => change({ ...optimiser, weightDecay })}
          min={0}
          max={1}
          whole={false}
          step={1e-4}
        />
        <SelectField
          label="Weight decay applies to"
          options={DECAYS}
          value={optimiser.decays}
          onChange={(decays) => change({ ...optimiser, decays })}
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
      </div>
    </Panel>
  )
}
