import { memo, useState } from 'react'
import { isActive } from '../../client/session/session-record.ts'
import { SIDES } from '../../runs/pair.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { Panel } from '../foundation/panel.tsx'
import { PanelBoundary } from '../foundation/panel-boundary.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { FieldScope } from '../foundation/controls/invalid-fields.tsx'
import { FailureNotice, Notice } from '../foundation/controls/notice.tsx'
import { NumberField } from '../foundation/controls/number-field.tsx'
import { lazyPart } from '../foundation/lazy-part.tsx'
import { QueuePanel } from '../queue/queue-panel.tsx'
import { PersistenceNotice } from '../runs/persistence-notice.tsx'
import { ChartsPanel } from './charts-panel.tsx'
import { DeviceNotice } from '../device/device-notice.tsx'
import { formatState, obstacle, runCommands, sideState, type Situation } from './run-commands.ts'
import { QuickStartNote } from './quick-start-note.tsx'
import { RunColumn } from './run-column.tsx'
import columnStyles from './run-columns.module.css'
import { RunControls } from './run-controls.tsx'
import { RunStatus } from './run-status.tsx'
import { ExportPanel } from './export-panel.tsx'
import styles from './run-zone.module.css'

/** With the tests' arithmetic; there is nothing to say before the first evaluation. */
const Difference = lazyPart(async () => (await import('./difference.tsx')).Difference)
const KernelPanel = lazyPart(async () => (await import('../dev/kernel-panel.tsx')).KernelPanel)

/** The experiment under way: its controls, its two columns, its charts, and its export. */
export const RunZone = memo(function RunZone() {
  return (
    <>
      <PanelBoundary name="Run">
        <Bench />
      </PanelBoundary>
      <PanelBoundary name="A and B">
        <Columns />
      </PanelBoundary>
      <ChartsPanel />
      <QueuePanel />
      <Panel title="Export">
        <ExportPanel />
      </Panel>
      {IS_DEV && <Kernels />}
    </>
  )
})

/** `?dev` in the address shows what only whoever works on the engine wants to see. */
const IS_DEV = new URLSearchParams(location.search).has('dev')

function Kernels() {
  const { profile } = useActions()
  return <KernelPanel profile={() => profile('a')} />
}

function useSituation(): Situation {
  return {
    device: useLab((state) => state.device),
    data: useLab((state) => state.dataSets[state.setup.data.set]),
    session: useLab((state) => state.session),
    invalidFields: useLab((state) => state.invalidFields),
    starting: useLab((state) => state.busy.has('start')),
  }
}

function Bench() {
  const situation = useSituation()
  const failure = useLab((state) => state.failures.run)
  const actions = useActions()
  const { device, session } = situation
  const can = runCommands(situation)
  const missing = device.state === 'ready' && !isActive(session) ? obstacle(situation) : null
  return (
    <div className={styles.bench}>
      <QuickStartNote canTrain={can.train} />
      <RunControls can={can} actions={actions} />
      <Status situation={situation} />
      {can.extend && <ExtendForm onExtend={actions.extend} />}
      {missing !== null && <Notice tone="plain">{missing}</Notice>}
      {session && session.notice !== null && <Notice tone="warn">{session.notice}</Notice>}
      <FailureNotice failure={failure} onDismiss={() => actions.dismissFailure('run')} />
      <FailureNotice failure={session?.failure ?? null} />
      <PersistenceNotice />
      <DeviceNotice device={device} />
    </div>
  )
}

const FIRST_STEP = 'The first step is the slowest: kernels are still compiling.'

/** Apart, because it alone changes with every report of progress. */
function Status({ situation }: { readonly situation: Situation }) {
  const progress = useLab((state) => state.progress)
  const { device, session } = situation
  return (
    <RunStatus
      state={formatState(situation)}
      preparing={session?.state === 'preparing' || device.state === 'starting'}
      kernels={session?.kernels ?? null}
      progress={progress}
      hint={session?.state === 'running' && !progress?.step ? FIRST_STEP : null}
    />
  )
}

function Columns() {
  const runs = useLab((state) => state.runs)
  const session = useLab((state) => state.session)
  return (
    <div className={columnStyles.columns}>
      <Difference runs={runs} />
      {SIDES.map((side) => (
        <RunColumn key={side} side={side} run={runs[side]} state={sideState(runs[side], session)} />
      ))}
    </div>
  )
}

const USUAL_EPOCHS = 5

/** "Continue for N more epochs". */
function ExtendForm({ onExtend }: { readonly onExtend: (epochs: number) => unknown }) {
  const [epochs, setEpochs] = useState(USUAL_EPOCHS)
  const [invalid, setInvalid] = useState<readonly string[]>([])
  return (
    <div className={styles.extend}>
      <span>Continue for</span>
      <FieldScope onChange={setInvalid}>
        <NumberField label="More epochs" value={epochs} onChange={setEpochs} min={1} max={10_000} whole />
      </FieldScope>
      <span>more {epochs === 1 ? 'epoch' : 'epochs'}</span>
      <ActionButton
        label={`Continue for ${epochs} more ${epochs === 1 ? 'epoch' : 'epochs'}`}
        disabled={invalid.length > 0}
        onPress={() => onExtend(epochs)}
      >
        Continue
      </ActionButton>
    </div>
  )
}
