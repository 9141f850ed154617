import { Segmented } from '../charts/segmented.tsx'
import type { Unit } from '../../schedules/unit.ts'
import styles from './setup.module.css'

const UNITS = [
  { id: 'epoch', text: 'Epochs' },
  { id: 'iteration', text: 'Iterations' },
] as const

/** What something is counted in, beside the field that says how much of it. */
export function UnitField(props: {
  readonly label: string
  readonly value: Unit
  readonly onChange: (unit: Unit) => void
}) {
  return (
    <div className={styles.beside}>
      <Segmented {...props} options={UNITS} />
    </div>
  )
}
