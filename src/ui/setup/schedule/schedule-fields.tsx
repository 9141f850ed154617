import type { ScheduleConfig } from '../../../config/recipe-config.ts'
import { defaultSchedule } from '../../../config/schedule-defaults.ts'
import { runLength } from '../../../runs/run-length.ts'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { readAscending } from '../../foundation/controls/read-number.ts'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { TextField } from '../../foundation/controls/text-field.tsx'
import { PlateauFields } from './plateau-fields.tsx'
import { scheduleIn } from './schedule-units.ts'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'
import { shortUnit, UnitField } from '../unit-field.tsx'
import { useChoiceOfKind } from '../use-choice-of-kind.ts'

const KINDS = [
  { id: 'constant', text: 'Constant' },
  { id: 'step', text: 'Steps', note: 'Drops at milestones' },
  { id: 'exponential', text: 'Exponential', note: 'Multiplied by e^(−rate) each epoch or iteration' },
  { id: 'cosine', text: 'Cosine', note: 'Decays to 0 over the run' },
  { id: 'one-cycle', text: 'One cycle', note: 'Rises, then falls; momentum is constant' },
  { id: 'plateau', text: 'On plateau', note: 'Drops when the metric plateaus' },
] as const

const MOST_MILESTONES = 20
const LAST_MILESTONE = 100_000_000

/** How the learning rate moves after its warm-up. */
export function ScheduleFields({ setup, edit }: SetupPanelProps) {
  const { schedule, data } = setup
  const length = runLength(setup)
  const change = (next: ScheduleConfig) => edit((before) => ({ ...before, schedule: next }))
  const choose = useChoiceOfKind(schedule, change, (kind) => defaultSchedule(kind, setup, length))
  return (
    <>
      <SelectField label="Schedule" options={KINDS} value={schedule.kind} onChange={choose} />
      {'unit' in schedule && (
        <UnitField
          label="Schedule unit"
          value={schedule.unit}
          onChange={(unit) => change(scheduleIn(unit, schedule, length))}
        />
      )}
      {schedule.kind === 'plateau' ? (
        <PlateauFields {...{ schedule, change }} isValidated={data.validation !== null} />
      ) : (
        <KindFields {...{ schedule, change }} />
      )}
    </>
  )
}

/** The settings that only some schedules have. */
function KindFields(props: {
  readonly schedule: Exclude<ScheduleConfig, { kind: 'plateau' }>
  readonly change: (schedule: ScheduleConfig) => void
}) {
  const { schedule, change } = props
  switch (schedule.kind) {
    case 'constant':
    case 'cosine':
      return null
    case 'step':
      return (
        <>
          <div className={styles.wide}>
            <TextField
              label="Milestones"
              value={schedule.milestones}
              write={(milestones) => milestones.join(', ')}
              read={readMilestones}
              onChange={(milestones) => change({ ...schedule, milestones })}
              unit={shortUnit(schedule.unit)}
            />
          </div>
          <NumberField
            label="Multiply by"
            value={schedule.factor}
            onChange={(factor) => change({ ...schedule, factor })}
            min={1e-6}
            max={1}
            whole={false}
            step={0.1}
          />
        </>
      )
    case 'exponential':
      return (
        <NumberField
          label="Decay rate"
          value={schedule.rate}
          onChange={(rate) => change({ ...schedule, rate })}
          min={0}
          max={10}
          whole={false}
          step={0.01}
          unit={schedule.unit === 'epoch' ? 'per epoch' : 'per iter.'}
        />
      )
    case 'one-cycle':
      return <OneCycleFields {...{ schedule, change }} />
    default:
      return schedule satisfies never
  }
}

function OneCycleFields(props: {
  readonly schedule: ScheduleConfig & { kind: 'one-cycle' }
  readonly change: (schedule: ScheduleConfig) => void
}) {
  const { schedule, change } = props
  const divisor = { min: 1, max: 1e9, whole: false } as const
  return (
    <>
      <NumberField
        label="Rising phase"
        value={schedule.rise}
        onChange={(rise) => change({ ...schedule, rise })}
        min={0}
        max={1}
        whole={false}
        step={0.05}
        unit="of the run"
      />
      <NumberField
        label="Initial divisor"
        value={schedule.startDivisor}
        onChange={(startDivisor) => change({ ...schedule, startDivisor })}
        {...divisor}
      />
      <NumberField
        label="Final divisor"
        value={schedule.endDivisor}
        onChange={(endDivisor) => change({ ...schedule, endDivisor })}
        {...divisor}
      />
    </>
  )
}

function readMilestones(text: string): ReturnType<typeof readAscending> {
  const parsed = readAscending(text, { min: 1, max: LAST_MILESTONE })
  return 'value' in parsed && parsed.value.length > MOST_MILESTONES
    ? { error: `At most ${MOST_MILESTONES}.` }
    : parsed
}
