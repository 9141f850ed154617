import { defaultSchedule } from '../../../config/schedule.ts'
import { runLength } from '../../../runs/run-length.ts'
import { type ScheduleConfig, scheduleOf, SCHEDULES } from '../../../schedules/index.ts'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { KindFields } from '../kind-fields.tsx'
import { kindOptions } from '../kind-options.ts'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'
import { useChoiceOfKind } from '../use-choice-of-kind.ts'

/** How the learning rate moves after its warm-up. */
export function ScheduleFields({ setup, edit }: SetupPanelProps) {
  const { schedule, data } = setup
  const length = runLength(setup)
  const change = (next: ScheduleConfig) => edit((before) => ({ ...before, schedule: next }))
  const choose = useChoiceOfKind(schedule, change, (kind) => defaultSchedule(kind, setup, length))
  const chosen = scheduleOf(schedule.kind)
  const isValidated = data.validation !== null
  const advice = chosen.advice?.(isValidated) ?? null
  return (
    <>
      <SelectField
        label="Schedule"
        options={kindOptions(SCHEDULES)}
        value={schedule.kind}
        onChange={choose}
      />
      <KindFields
        fields={chosen.fields}
        values={schedule}
        isValidated={isValidated}
        onChange={(name, value) => change(chosen.withField(schedule, name, value))}
        onUnit={(unit) => change(chosen.inUnit(schedule, unit, length.stepsPerEpoch))}
      />
      {advice !== null && <p className={`${styles.note} ${styles.wide}`}>{advice}</p>}
    </>
  )
}
