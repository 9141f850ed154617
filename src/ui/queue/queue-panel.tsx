import { useMemo, useState } from 'react'
import { isActive } from '../../client/session/session-record.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import { type QueuedSession, queueOf } from '../../runs/queue-order.ts'
import { type InTraining, queueSeconds } from '../../runs/run-work.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { Panel } from '../foundation/panel.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { invalidFieldsSentence } from '../foundation/controls/invalid-fields.tsx'
import { FailureNotice, Notice } from '../foundation/controls/notice.tsx'
import { duration } from '../foundation/controls/quantities.ts'
import styles from './queue.module.css'
import { QueueForm } from './queue-form.tsx'
import { lazyPart } from '../foundation/lazy-part.tsx'
import { queueHint, formatQueue, formatSession } from './format-queue.ts'

const QueueList = lazyPart(async () => (await import('./queue-list.tsx')).QueueList)

/** Sessions that wait for their turns: adding, reordering, cancelling, holding, and how long all of them take. */
export function QueuePanel() {
  const stored = useLab((state) => state.stored)
  const failure = useLab((state) => state.failures.queue)
  const { addToQueue, dismissFailure } = useActions()
  const setup = useLab((state) => state.setup)
  const invalidFields = useLab((state) => state.invalidFields)
  const isDataHere = useLab((state) => state.dataSets[state.setup.data.set].state === 'ready')
  const queue = useMemo(() => queueOf(stored.entries), [stored.entries])
  if (stored.failure) {
    return (
      <Panel title="Queue">
        <Notice tone="plain">
          <p>The queue is unavailable: this browser does not store runs.</p>
        </Notice>
      </Panel>
    )
  }
  return (
    <Panel title="Queue">
      <div className={styles.queue}>
        <QueueForm
          setup={setup}
          disabled={!isDataHere || !stored.isOpen || invalidFields.length > 0}
          onAdd={addToQueue}
        />
        {invalidFields.length > 0 && <p className={styles.note}>{invalidFieldsSentence(invalidFields)}</p>}
        {!isDataHere && (
          <p className={styles.note}>{DATA_SETS[setup.data.set].title} is not downloaded yet.</p>
        )}
        <FailureNotice failure={failure} onDismiss={() => dismissFailure('queue')} />
        <FailureNotice failure={queue.length > 0 ? stored.queue.failure : null} />
        <Waiting queue={queue} />
      </div>
    </Panel>
  )
}

/** What is in training or paused in this tab. */
function useInTraining(): (InTraining & { readonly isPaused: boolean }) | null {
  const session = useLab((state) => state.session)
  const secondsLeft = useLab((state) => state.progress?.secondsLeft ?? null)
  if (!session || !isActive(session)) return null
  return { session: session.session, secondsLeft, isPaused: session.state === 'paused' }
}

function Waiting({ queue }: { readonly queue: readonly QueuedSession[] }) {
  const { state } = useLab(({ stored }) => stored.queue)
  const pace = useLab((lab) => lab.pace)
  const inTraining = useInTraining()
  const { moveQueued, cancelQueued, holdQueue, goOnWithQueue } = useActions()
  const [cancelled, setCancelled] = useState<readonly string[]>([])
  const waiting = queue.filter(({ isBegun }) => !isBegun)
  const left = queue.filter(({ session, isBegun }) => isBegun && session !== inTraining?.session)
  const situation = {
    state,
    waiting: waiting.length + left.length,
    inTraining: inTraining && {
      isPaused: inTraining.isPaused,
      isQueued: queue.some(({ session }) => session === inTraining.session),
    },
  }
  const hint = queueHint(situation)
  function cancel(sessions: readonly QueuedSession[]): void {
    setCancelled(sessions.flatMap(({ runs }) => runs.map(({ run }) => run)))
    void cancelQueued(sessions.map(({ session }) => session))
  }
  return (
    <>
      <div className={styles.line}>
        <output className={styles.state}>{formatQueue(situation)}</output>
        {situation.waiting > 0 && <TimeLeft seconds={queueSeconds(queue, pace, inTraining)} />}
        <span className={styles.controls}>
          <Undo runs={cancelled} />
          <ActionButton onPress={() => void (state === 'going' ? holdQueue() : goOnWithQueue())}>
            {state === 'going' ? 'Pause queue' : state === 'held' ? 'Resume queue' : 'Run queue here'}
          </ActionButton>
          <ActionButton disabled={waiting.length === 0} onPress={() => cancel(waiting)}>
            Cancel all
          </ActionButton>
        </span>
      </div>
      {hint !== null && <p className={styles.note}>{hint}</p>}
      {left.map((queued) => (
        <Interrupted key={queued.session} queued={queued} onRemove={() => cancel([queued])} />
      ))}
      {waiting.length > 0 && (
        <QueueList
          waiting={waiting}
          pace={pace}
          onMove={moveQueued}
          onCancel={(queued) => cancel([queued])}
        />
      )}
    </>
  )
}

function TimeLeft({ seconds }: { readonly seconds: number | null }) {
  return (
    <span className={styles.note}>
      {seconds === null
        ? 'time left unknown until a run has trained'
        : `about ${duration(seconds)} left in total`}
    </span>
  )
}

/** One that was begun, and is in training in another tab or was left where its tab ended. */
function Interrupted({
  queued,
  onRemove,
}: {
  readonly queued: QueuedSession
  readonly onRemove: () => unknown
}) {
  const isElsewhere = useLab(({ stored }) => queued.runs.some(({ run }) => stored.elsewhere.has(run)))
  const { title, detail } = formatSession(queued)
  const step = queued.runs[0]?.steps ?? 0
  return (
    <div className={styles.line}>
      <p className={styles.note}>
        {isElsewhere ? 'Training in another tab' : `Next, interrupted after step ${step}`}: {title}, {detail}
      </p>
      {!isElsewhere && (
        <ActionButton label={`Remove from queue: ${title}, ${detail}`} onPress={onRemove}>
          Remove from queue
        </ActionButton>
      )}
    </div>
  )
}

/** Brings back what was cancelled last, as long as it is gone. */
function Undo({ runs }: { readonly runs: readonly string[] }) {
  const { restoreQueued } = useActions()
  const isGone = useLab(({ stored }) =>
    stored.entries.some(({ run, deletedAt }) => deletedAt !== null && runs.includes(run)),
  )
  return isGone ? <ActionButton onPress={() => void restoreQueued(runs)}>Undo cancel</ActionButton> : null
}
