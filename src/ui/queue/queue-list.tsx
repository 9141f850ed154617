import { Button, GridList, GridListItem, type PressEvent, useDragAndDrop } from 'react-aria-components'
import type { QueuedSession } from '../../runs/queue-order.ts'
import { sessionSeconds } from '../../runs/run-work.ts'
import { duration } from '../foundation/controls/quantities.ts'
import styles from './queue.module.css'
import { formatSession } from './format-queue.ts'

export type QueueListProps = {
  /** Those that wait, the next first. */
  readonly waiting: readonly QueuedSession[]
  /** Floating-point operations a second; null before any were measured. */
  readonly pace: number | null
  /** Puts a session before another, or last. */
  readonly onMove: (session: string, before: string | null) => unknown
  readonly onCancel: (queued: QueuedSession) => unknown
}

/** The sessions that wait. They are moved by their buttons, or dragged by their handles with a pointer or the keyboard. */
export function QueueList({ waiting, pace, onMove, onCancel }: QueueListProps) {
  const sessions = waiting.map(({ session }) => session)
  const after = (session: string) => sessions[sessions.indexOf(session) + 1] ?? null
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder({ keys, target }) {
      const [moved] = [...keys].map(String)
      const to = String(target.key)
      const before = target.dropPosition === 'before' ? to : after(to)
      if (moved !== undefined && moved !== before) onMove(moved, before)
    },
  })
  return (
    <GridList
      aria-label="Queued sessions"
      className={styles.list ?? ''}
      dragAndDropHooks={dragAndDropHooks}
      keyboardNavigationBehavior="tab"
    >
      {waiting.map((queued, i) => (
        <Row
          key={queued.session}
          queued={queued}
          seconds={pace === null ? null : sessionSeconds(queued, pace)}
          onEarlier={i === 0 ? null : () => onMove(queued.session, sessions[i - 1] ?? null)}
          isSecond={i === 1}
          onLater={
            i === waiting.length - 1 ? null : () => onMove(queued.session, after(sessions[i + 1] ?? ''))
          }
          isLastButOne={i === waiting.length - 2}
          onCancel={() => onCancel(queued)}
        />
      ))}
    </GridList>
  )
}

function Row(props: {
  readonly queued: QueuedSession
  readonly seconds: number | null
  /** Null for the first. */
  readonly onEarlier: (() => unknown) | null
  readonly isSecond: boolean
  /** Null for the last. */
  readonly onLater: (() => unknown) | null
  readonly isLastButOne: boolean
  readonly onCancel: () => unknown
}) {
  const { queued, seconds, onEarlier, isSecond, onLater, isLastButOne, onCancel } = props
  const { title, detail } = formatSession(queued)
  const name = `${title}, ${detail}`
  return (
    <GridListItem id={queued.session} textValue={name} className={styles.row ?? ''}>
      <Button slot="drag" className={styles.icon ?? ''}>
        <Icon path="M2 3h8M2 6h8M2 9h8" />
      </Button>
      <span className={styles.what}>
        {title} <span className={styles.detail}>{detail}</span>
      </span>
      <span className={styles.time}>{seconds !== null && `about ${duration(seconds)}`}</span>
      <span className={styles.tools}>
        <Move
          label={`Move up: ${name}`}
          path="M2 8l4-4 4 4"
          direction="earlier"
          isLast={isSecond}
          onPress={onEarlier}
        />
        <Move
          label={`Move down: ${name}`}
          path="M2 4l4 4 4-4"
          direction="later"
          isLast={isLastButOne}
          onPress={onLater}
        />
        <Button className={styles.icon ?? ''} aria-label={`Cancel: ${name}`} onPress={() => onCancel()}>
          <Icon path="M3 3l6 6M9 3l-6 6" />
        </Button>
      </span>
    </GridListItem>
  )
}

/** A button that moves its row by one. Where that is as far as it goes, the focus passes to the button for back. */
function Move(props: {
  readonly label: string
  readonly path: string
  readonly direction: 'earlier' | 'later'
  readonly isLast: boolean
  /** Null where the row is there already. */
  readonly onPress: (() => unknown) | null
}) {
  const { label, path, direction, isLast, onPress } = props
  function press({ target }: PressEvent): void {
    const back = direction === 'earlier' ? target.nextElementSibling : target.previousElementSibling
    if (isLast && back instanceof HTMLElement) back.focus()
    onPress?.()
  }
  return (
    <Button className={styles.icon ?? ''} aria-label={label} isDisabled={onPress === null} onPress={press}>
      <Icon path={path} />
    </Button>
  )
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}
