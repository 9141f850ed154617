import type { WarmupConfig } from '../../../config/recipe-config.ts'
import { runLength } from '../../../runs/run-length.ts'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { warmupIn } from './schedule-units.ts'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import { shortUnit, UnitField } from '../unit-field.tsx'
import { useChoiceOfKind } from '../use-choice-of-kind.ts'

const NONE = { kind: 'none' } as const
type Choice = WarmupConfig | typeof NONE

const KINDS = [
  { id: 'none', text: 'None' },
  { id: 'linear', text: 'Linear', note: 'Rises to the schedule’s rate' },
  {
    id: 'until-training-error',
    text: 'Low rate first',
    note: 'Until the training error falls, as for ResNet-110',
  },
] as const

/** Five epochs (arXiv:1706.02677, section 2.2); He et al.'s for ResNet-110 (arXiv:1512.03385, section 4.2). */
const DEFAULTS: { readonly [Kind in Choice['kind']]: Choice & { kind: Kind } } = {
  none: NONE,
  linear: { kind: 'linear', unit: 'epoch', length: 5 },
  'until-training-error': { kind: 'until-training-error', rate: 0.01, error: 0.8 },
}

/** How the learning rate begins. */
export function WarmupFields({ setup, edit }: SetupPanelProps) {
  const { warmup } = setup
  const change = (next: Choice) =>
    edit((before) => ({ ...before, warmup: next.kind === 'none' ? null : next }))
  const choose = useChoiceOfKind<Choice>(warmup ?? NONE, change, (kind) => DEFAULTS[kind])
  return (
    <>
      <SelectField label="Warm-up" options={KINDS} value={warmup?.kind ?? 'none'} onChange={choose} />
      {warmup?.kind === 'linear' && (
        <>
          <UnitField
            label="Warm-up unit"
            value={warmup.unit}
            onChange={(unit) => change(warmupIn(unit, warmup, runLength(setup)))}
          />
          <NumberField
            label="Warm-up length"
            value={warmup.length}
            onChange={(length) => change({ ...warmup, length })}
            min={1}
            max={1_000_000}
            whole
            unit={shortUnit(warmup.unit)}
          />
        </>
      )}
      {warmup?.kind === 'until-training-error' && (
        <>
          <NumberField
            label="Warm-up rate"
            value={warmup.rate}
            onChange={(rate) => change({ ...warmup, rate })}
            min={1e-7}
            max={100}
            whole={false}
            step={0.01}
          />
          <NumberField
            label="Training error below"
            value={warmup.error}
            onChange={(error) => change({ ...warmup, error })}
            min={0.01}
            max={1}
            whole={false}
            step={0.05}
            hint="Mean of 100 batches"
          />
        </>
      )}
    </>
  )
}
