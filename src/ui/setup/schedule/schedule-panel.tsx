import { Panel } from '../../foundation/panel.tsx'
import { LearningRateCurve } from './learning-rate-curve.tsx'
import { ScheduleFields } from './schedule-fields.tsx'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'
import { WarmupFields } from './warmup-fields.tsx'

/** How the learning rate moves over the run. */
export function SchedulePanel({ setup, edit }: SetupPanelProps) {
  return (
    <Panel title="Learning-rate schedule">
      <div className={styles.fields}>
        <ScheduleFields {...{ setup, edit }} />
      </div>
      <div className={styles.fields}>
        <WarmupFields {...{ setup, edit }} />
      </div>
      <LearningRateCurve setup={setup} />
    </Panel>
  )
}
