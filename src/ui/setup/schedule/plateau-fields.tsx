import type { ScheduleConfig } from '../../../config/recipe-config.ts'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import styles from '../setup.module.css'

const WATCHED = [
  { id: 'loss', text: 'Loss' },
  { id: 'accuracy', text: 'Accuracy' },
] as const

type Plateau = ScheduleConfig & { kind: 'plateau' }

/** What a plateau is, and what the rate does on one. */
export function PlateauFields(props: {
  readonly schedule: Plateau
  readonly change: (schedule: ScheduleConfig) => void
  /** Whether images are set aside for validation. */
  readonly isValidated: boolean
}) {
  const { schedule, change, isValidated } = props
  const set = (part: Partial<Plateau>) => change({ ...schedule, ...part })
  return (
    <>
      <SelectField
        label={isValidated ? 'Validation metric' : 'Test metric'}
        options={WATCHED}
        value={schedule.watches}
        onChange={(watches) => set({ watches })}
      />
      <NumberField
        label="Multiply by"
        value={schedule.factor}
        onChange={(factor) => set({ factor })}
        min={1e-6}
        max={1}
        whole={false}
        step={0.1}
      />
      <NumberField
        label="Patience"
        value={schedule.patience}
        onChange={(patience) => set({ patience })}
        min={0}
        max={10_000}
        whole
        unit="epochs"
      />
      <NumberField
        label="Min. improvement"
        value={schedule.threshold}
        onChange={(threshold) => set({ threshold })}
        min={0}
        max={1}
        whole={false}
        step={1e-4}
        unit="of best"
      />
      <NumberField
        label="Cooldown"
        value={schedule.cooldown}
        onChange={(cooldown) => set({ cooldown })}
        min={0}
        max={10_000}
        whole
        unit="epochs"
      />
      <NumberField
        label="Min. learning rate"
        value={schedule.minRate}
        onChange={(minRate) => set({ minRate })}
        min={0}
        max={100}
        whole={false}
        step={1e-4}
      />
      {!isValidated && (
        <p className={`${styles.note} ${styles.wide}`}>
          This schedule watches the test set. Hold out validation images to keep the test score unbiased.
        </p>
      )}
    </>
  )
}
