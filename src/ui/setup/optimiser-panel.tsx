import { OPTIMISERS, optimiserOf, type OptimiserConfig } from '../../optimisers/index.ts'
import { Panel } from '../foundation/panel.tsx'
import { NumberField } from '../foundation/controls/number-field.tsx'
import { SelectField } from '../foundation/controls/select-field.tsx'
import { KindFields } from './kind-fields.tsx'
import { kindOptions } from './kind-options.ts'
import type { SetupPanelProps } from './setup-panel-props.ts'
import styles from './setup.module.css'
import { useChoiceOfKind } from './use-choice-of-kind.ts'

/** The optimiser, and what it optimises. */
export function OptimiserPanel({ setup, edit }: SetupPanelProps) {
  const { data, optimiser, labelSmoothing } = setup
  const change = (next: OptimiserConfig) => edit((before) => ({ ...before, optimiser: next }))
  const choose = useChoiceOfKind(optimiser, change, (kind) => optimiserOf(kind).defaults)
  const chosen = optimiserOf(optimiser.kind)
  return (
    <Panel title="Optimiser">
      <div className={styles.fields}>
        <SelectField
          label="Method"
          options={kindOptions(OPTIMISERS)}
          value={optimiser.kind}
          onChange={choose}
        />
        <KindFields
          fields={chosen.fields}
          values={optimiser}
          isValidated={data.validation !== null}
          onChange={(name, value) => change(chosen.withField(optimiser, name, value))}
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
