import { Button, DialogTrigger, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { isActive } from '../../client/session/session-record.ts'
import {
  ENGINE_CHOICES,
  type EngineSetting,
  isSameSetting,
  MOST_THREADS,
  threadsOf,
} from '../../contract/engine-setting.ts'
import fieldStyles from '../foundation/controls/field.module.css'
import { SelectField } from '../foundation/controls/select-field.tsx'
import styles from './device-badge.module.css'
import {
  badgeText,
  badgeTone,
  ENGINE_OPTIONS,
  engineReason,
  formatThreads,
  pendingText,
  threadsObstacle,
} from './format-engine.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'

/** What the arithmetic runs on; pressed, why that, and what else it could be. */
export function DeviceBadge() {
  const device = useLab((state) => state.device)
  return (
    <DialogTrigger>
      <Button className={styles.badge ?? ''} data-tone={badgeTone(device)}>
        <span className={styles.lamp} aria-hidden="true" />
        <span className="visually-hidden">Engine: </span>
        <span className={styles.text}>{badgeText(device)}</span>
        <svg className={fieldStyles.chevron} width="10" height="6" aria-hidden="true">
          <path d="M1 1l4 4 4-4" />
        </svg>
      </Button>
      {/* The dialog itself: one inside it would leave its dismiss buttons outside of any landmark. */}
      <Popover className={styles.popover ?? ''} aria-label="Engine" placement="bottom end">
        <EngineSettings />
      </Popover>
    </DialogTrigger>
  )
}

function EngineSettings() {
  const device = useLab((state) => state.device)
  const { setting, from } = useLab((state) => state.engine)
  const isTraining = useLab((state) => isActive(state.session))
  const { chooseEngine } = useActions()
  const reason = engineReason(device, from)
  const isPending = device.state === 'ready' && !isSameSetting(device.setting, setting)
  return (
    <div className={styles.settings}>
      {reason !== null && <p className={styles.reason}>{reason}</p>}
      <ListBox
        className={styles.options ?? ''}
        aria-label="Engine"
        // A dialog opens with the focus on what is chosen.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[setting.engine]}
        onSelectionChange={(keys) => {
          const engine = ENGINE_CHOICES.find((choice) => keys !== 'all' && keys.has(choice))
          if (engine && engine !== setting.engine) void chooseEngine({ ...setting, engine })
        }}
      >
        {ENGINE_OPTIONS.map(({ id, text, note }) => (
          <ListBoxItem key={id} id={id} textValue={text} className={styles.option ?? ''}>
            <Text slot="label">{text}</Text>
            <Text slot="description">{note}</Text>
          </ListBoxItem>
        ))}
      </ListBox>
      <ThreadsField
        setting={setting}
        obstacle={threadsObstacle(device, setting.engine, crossOriginIsolated)}
        cores={navigator.hardwareConcurrency}
        onChange={(threads) => void chooseEngine({ ...setting, threads })}
      />
      <output className={styles.pending}>
        {isPending && pendingText(device.state === 'ready' ? device.info.engine : null, isTraining)}
      </output>
    </div>
  )
}

/** A choice rather than a number to type: each change opens the engine anew. */
function ThreadsField(props: {
  readonly setting: EngineSetting
  /** Why they cannot be chosen. */
  readonly obstacle: string | null
  readonly cores: number
  readonly onChange: (threads: number | null) => void
}) {
  const { setting, obstacle, cores, onChange } = props
  const most = threadsOf({ ...setting, threads: null }, cores)
  const counts = Array.from({ length: MOST_THREADS }, (_, i) => String(i + 1))
  return (
    <SelectField
      label="CPU threads"
      options={[
        { id: 'cores', text: `One per core: ${formatThreads(most)}` },
        ...counts.map((count) => ({ id: count, text: formatThreads(Number(count)) })),
      ]}
      value={setting.threads === null ? 'cores' : String(setting.threads)}
      onChange={(id) => onChange(id === 'cores' ? null : Number(id))}
      disabled={obstacle !== null}
      hint={obstacle ?? undefined}
    />
  )
}
