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
        label={isValidated ? 'Watches validation' : 'Watches test'}
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
        label="Better by"
        value={schedule.threshold}
        onChange={(threshold) => set({ threshold })}
        min={0}
        max={1}
        whole={false}
        step={1e-4}
        unit="of best"
      />
      <NumberField
        label="Rest after a fall"
        value={schedule.cooldown}
        onChange={(cooldown) => set({ cooldown })}
        min={0}
        max={10_000}
        whole
        unit="epochs"
      />
      <NumberField
        label="Least rate"
        value={schedule.minRate}
        onChange={(minRate) => set({ minRate })}
        min={0}
        max={100}
        whole={false}
        step={1e-4}
      />
      {!isValidated && (
        <p className={`${styles.note} ${styles.wide}`}>
          The rate then follows the test images. Keep validation images, under Data, to test on images that
          decided nothing.
        </p>
      )}
    </>
  )
}
