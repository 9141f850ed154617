import { Group } from 'react-aria-components'
import type { Side } from '../../runs/pair.ts'
import { SIDES } from '../../runs/pair.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import type { RunCommands } from './run-commands.ts'
import styles from './run-controls.module.css'

export type RunControlActions = {
  readonly train: (sides: readonly Side[]) => unknown
  readonly pause: () => unknown
  readonly resume: () => unknown
  readonly step: () => unknown
  readonly stop: () => unknown
}

/** Begin, pause, step, stop. Buttons keep their places; those that make no sense now are disabled. */
export function RunControls({
  can,
  actions,
}: {
  readonly can: RunCommands
  readonly actions: RunControlActions
}) {
  return (
    <div className={styles.controls}>
      <Group className={styles.group ?? ''} aria-label="Start training">
        <ActionButton rank="primary" disabled={!can.train} onPress={() => actions.train(SIDES)}>
          Train both
        </ActionButton>
        <ActionButton disabled={!can.train} onPress={() => actions.train(['a'])}>
          Train A only
        </ActionButton>
        <ActionButton disabled={!can.train} onPress={() => actions.train(['b'])}>
          Train B only
        </ActionButton>
      </Group>
      <Group className={`${styles.group} ${styles.loop}`} aria-label="Current session">
        {/* One button, so that the focus stays on it when its meaning changes. */}
        <ActionButton
          disabled={!can.pause && !can.resume}
          onPress={() => (can.resume ? actions.resume() : actions.pause())}
        >
          {can.resume ? 'Resume' : 'Pause'}
        </ActionButton>
        <ActionButton disabled={!can.step} onPress={() => actions.step()}>
          Step
        </ActionButton>
        <ActionButton disabled={!can.stop} onPress={() => actions.stop()}>
          Stop
        </ActionButton>
      </Group>
    </div>
  )
}
