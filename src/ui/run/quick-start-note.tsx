import { isActive } from '../../client/session/session-record.ts'
import { experimentOf, quickStart } from '../../client/setup/quick-start.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import styles from './quick-start-note.module.css'
import { expectation, invitation, measurement, reason } from './quick-start-text.ts'

/** What to expect of the quick start, and the press that shows the opposite. Nothing for other set-ups. */
export function QuickStartNote({ canTrain }: { readonly canTrain: boolean }) {
  const info = useLab(({ device }) => (device.state === 'ready' ? device.info : null))
  const setup = useLab((state) => state.setup)
  const session = useLab((state) => state.session)
  const shown = useLab(({ runs }) => (runs.a ?? runs.b)?.config ?? null)
  const { trainExperiment } = useActions()
  const offered = quickStart(info)
  // While something trains the note is about that, whatever is being set up meanwhile.
  const experiment = experimentOf(offered, isActive(session) && shown ? shown : setup)
  if (!experiment) return null
  const other = experiment === offered.first ? offered.second : offered.first
  const measured = measurement(experiment)
  const isDone =
    session?.state === 'finished' && shown !== null && experimentOf(offered, shown) === experiment
  return (
    <section className={styles.note} aria-label="What to expect">
      <h3>{expectation(experiment)}</h3>
      <p>{reason(experiment, other)}</p>
      {measured !== null && <p className={styles.measured}>{measured}</p>}
      {other && (
        <div className={isDone ? undefined : styles.beforehand}>
          <ActionButton
            {...(!isDone && { rank: 'quiet' })}
            disabled={!canTrain}
            label={`${invitation(other)}: train both`}
            onPress={() => void trainExperiment(other.setup)}
          >
            {invitation(other)}
          </ActionButton>
        </div>
      )}
    </section>
  )
}
