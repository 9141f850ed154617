import type { ReactNode } from 'react'
import { DATA_SETS, type DataSetId } from '../../base/data-set.ts'
import { count } from '../charts/curve-values.ts'
import { SelectField } from '../foundation/controls/select-field.tsx'
import { SwitchField } from '../foundation/controls/switch-field.tsx'
import { TextField } from '../foundation/controls/text-field.tsx'
import type { RunFilter } from './table/run-rows.ts'
import { RUN_STATE_TEXTS, type RunStateId } from './run-state.ts'
import styles from './runs-zone.module.css'

const SETS: readonly { readonly id: DataSetId | 'all'; readonly text: string }[] = [
  { id: 'all', text: 'All data sets' },
  ...Object.values(DATA_SETS).map(({ id, title }) => ({ id, text: title })),
]

const STATE_IDS: readonly RunStateId[] = [
  'training',
  'elsewhere',
  'paused',
  'queued',
  'stopped',
  'finished',
  'failed',
]
const STATES: readonly { readonly id: RunStateId | 'all'; readonly text: string }[] = [
  { id: 'all', text: 'All states' },
  ...STATE_IDS.map((id) => ({ id, text: RUN_STATE_TEXTS[id] })),
]

/** Which runs are shown, and whether seeds stand together. */
export function RunFilterBar(props: {
  readonly filter: RunFilter
  readonly onFilter: (filter: RunFilter) => void
  readonly grouped: boolean
  readonly onGrouped: (grouped: boolean) => void
  readonly shown: number
  readonly total: number
  readonly children?: ReactNode
}) {
  const { filter, onFilter, grouped, onGrouped, shown, total } = props
  return (
    <div className={styles.filter} role="search" aria-label="Runs">
      <TextField
        label="Search"
        value={filter.text}
        write={(text) => text}
        read={(text) => ({ value: text })}
        onChange={(text) => onFilter({ ...filter, text })}
        placeholder="name, notes, preset, seed 3 …"
      />
      <SelectField
        label="Data set"
        options={SETS}
        value={filter.set}
        onChange={(set) => onFilter({ ...filter, set })}
      />
      <SelectField
        label="State"
        options={STATES}
        value={filter.state}
        onChange={(state) => onFilter({ ...filter, state })}
      />
      <SwitchField label="Group seeds" value={grouped} onChange={onGrouped} />
      <p className={styles.count} aria-live="polite">
        {shown === total ? `${count(total)} runs` : `${count(shown)} of ${count(total)} runs`}
      </p>
    </div>
  )
}
