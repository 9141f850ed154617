import { runLength } from '../../../runs/run-length.ts'
import { type WarmupConfig, warmupOf, WARMUPS } from '../../../schedules/warmups/index.ts'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { KindFields } from '../kind-fields.tsx'
import { kindOptions } from '../kind-options.ts'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import { useChoiceOfKind } from '../use-choice-of-kind.ts'

const NONE = { kind: 'none' } as const
type Choice = WarmupConfig | typeof NONE

const KINDS = [{ id: 'none', text: 'None' } as const, ...kindOptions(WARMUPS)]

/** How the learning rate begins. */
export function WarmupFields({ setup, edit }: SetupPanelProps) {
  const { warmup, data } = setup
  const change = (next: Choice) =>
    edit((before) => ({ ...before, warmup: next.kind === 'none' ? null : next }))
  const choose = useChoiceOfKind<Choice>(warmup ?? NONE, change, (kind) =>
    kind === 'none' ? NONE : warmupOf(kind).defaults,
  )
  const chosen = warmup && warmupOf(warmup.kind)
  return (
    <>
      <SelectField label="Warm-up" options={KINDS} value={warmup?.kind ?? 'none'} onChange={choose} />
      {warmup && chosen && (
        <KindFields
          fields={chosen.fields}
          values={warmup}
          isValidated={data.validation !== null}
          onChange={(name, value) => change(chosen.withField(warmup, name, value))}
          onUnit={(unit) => change(chosen.inUnit(warmup, unit, runLength(setup).stepsPerEpoch))}
        />
      )}
    </>
  )
}
