import type { ScheduleConfig } from '../../contract/recipe-config.ts'
import type { RunConfig } from '../../contract/run-config.ts'
import { runLength } from '../../runs/run-length.ts'
import { Segmented } from '../charts/segmented.tsx'
import { NumberField } from '../controls/number-field.tsx'
import { readAscending } from '../controls/read-number.ts'
import { SelectField } from '../controls/select-field.tsx'
import { TextField } from '../controls/text-field.tsx'
import type { SetupPanelProps } from './setup-panel-props.ts'
import styles from './setup.module.css'

const KINDS = [
  { id: 'constant', text: 'Constant' },
  { id: 'step', text: 'Steps' },
  { id: 'cosine', text: 'Cosine' },
] as const

const UNITS = [
  { id: 'epoch', text: 'Epochs' },
  { id: 'iteration', text: 'Iterations' },
] as const

const MOST_MILESTONES = 20
const LAST_MILESTONE = 100_000_000

export function ScheduleFields({ setup, edit }: SetupPanelProps) {
  const { schedule } = setup
  const change = (next: ScheduleConfig) => edit((before) => ({ ...before, schedule: next }))
  return (
    <>
      <SelectField
        label="Schedule"
        options={KINDS}
        value={schedule.kind}
        onChange={(kind) => change(scheduleOf(kind, setup))}
      />
      {schedule.kind !== 'constant' && (
        <div className={styles.beside}>
          <Segmented
            label="The schedule counts in"
            options={UNITS}
            value={schedule.unit}
            onChange={(unit) => change(inUnit(schedule, unit, setup))}
          />
        </div>
      )}
      {schedule.kind === 'step' && (
        <>
          <TextField
            label="At"
            value={schedule.milestones}
            write={(milestones) => milestones.join(', ')}
            read={(text) => readMilestones(text)}
            onChange={(milestones) => change({ ...schedule, milestones })}
            unit={schedule.unit === 'epoch' ? 'epochs' : 'iter.'}
          />
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
      )}
      {schedule.kind === 'cosine' && (
        <NumberField
          label="Linear warm-up"
          value={schedule.warmup}
          onChange={(warmup) => change({ ...schedule, warmup })}
          min={0}
          max={1_000_000}
          whole
          unit={schedule.unit === 'epoch' ? 'epochs' : 'iter.'}
        />
      )}
    </>
  )
}

/** A schedule of another kind, with milestones at a half and three quarters of the run, as the write-ups place them. */
function scheduleOf(kind: ScheduleConfig['kind'], setup: RunConfig): ScheduleConfig {
  const unit = setup.schedule.kind === 'constant' ? setup.budget.unit : setup.schedule.unit
  switch (kind) {
    case 'constant':
      return { kind }
    case 'cosine':
      return { kind, unit, warmup: 0 }
    case 'step': {
      const length = lengthIn(unit, setup)
      const milestones = [Math.round(length / 2), Math.round((length * 3) / 4)]
      return { kind, unit, milestones: ascending(milestones), factor: 0.1 }
    }
    default:
      return kind satisfies never
  }
}

/** The same schedule counted in the other unit. */
function inUnit(
  schedule: Exclude<ScheduleConfig, { kind: 'constant' }>,
  unit: RunConfig['budget']['unit'],
  setup: RunConfig,
): ScheduleConfig {
  if (unit === schedule.unit) return schedule
  const ratio = lengthIn(unit, setup) / lengthIn(schedule.unit, setup)
  const convert = (value: number) => Math.round(value * ratio)
  if (schedule.kind === 'cosine') return { ...schedule, unit, warmup: convert(schedule.warmup) }
  return { ...schedule, unit, milestones: ascending(schedule.milestones.map(convert)) }
}

function lengthIn(unit: RunConfig['budget']['unit'], setup: RunConfig): number {
  const { totalSteps, epochs } = runLength(setup)
  return unit === 'epoch' ? epochs : totalSteps
}

/** Without what rounding made equal or moved to the start. */
function ascending(milestones: readonly number[]): number[] {
  return [...new Set(milestones)].filter((at) => at >= 1)
}

function readMilestones(text: string): ReturnType<typeof readAscending> {
  const parsed = readAscending(text, { min: 1, max: LAST_MILESTONE })
  return 'value' in parsed && parsed.value.length > MOST_MILESTONES
    ? { error: `At most ${MOST_MILESTONES}.` }
    : parsed
}
