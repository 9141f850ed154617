import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventually } from '../../../scripts/testing/eventually.ts'
import { AppError, toFailure } from '../../base/app-error.ts'
import { type Command, requestSchema } from '../../contract/commands.ts'
import type { RunEntry } from '../../contract/run-record.ts'
import type { LogLine, SessionState, TrainEvent } from '../../contract/events.ts'
import { configOf } from '../../runs/pair.ts'
import { entryOf, resultOf } from '../../testing/ui/entries.ts'
import { checkpointWhenHidden } from '../session/checkpoint-when-hidden.ts'
import { createLab, type Lab } from '../lab.ts'
import { persistOnceItMatters } from './persist-once-it-matters.ts'
import { createWorkerClient, type Listener } from '../worker-client.ts'

let lab: Lab
let tell: Listener['onEvent']
let asked: Command[]
let refuses: Command['kind'] | null
/** Of stored runs. */
let logs: Readonly<Record<string, readonly LogLine[]>>

const NO_STEPS = { loss: new Float64Array(), accuracy: new Float64Array(), learningRate: new Float64Array() }
function repliesTo(command: Command): unknown {
  if (command.kind === 'load-run') return { steps: NO_STEPS, epochs: [], log: logs[command.run] ?? [] }
  return command.kind === 'load-curves' ? { steps: NO_STEPS, epochs: [], answers: null } : null
}
const kinds = () => asked.map(({ kind }) => kind)

beforeEach(() => {
  const channel = new MessageChannel()
  asked = []
  refuses = null
  logs = {}
  channel.port2.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const { id, command } = requestSchema.parse(data)
    asked.push(command)
    const failure = toFailure(new AppError('run-damaged', 'It is damaged.'))
    const value = repliesTo(command)
    channel.port2.postMessage(
      refuses === command.kind ? { kind: 'failed', id, failure } : { kind: 'done', id, value },
    )
  })
  lab = createLab((listener) => {
    tell = (event) => listener.onEvent(event)
    return createWorkerClient(channel.port1, listener)
  })
  channel.port1.start()
  channel.port2.start()
  end = () => channel.port2.close()
})

let end: () => void
afterEach(() => {
  end()
  vi.unstubAllGlobals()
})

const PAGE: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' }

async function tellRuns(...entries: RunEntry[]): Promise<void> {
  tell({ kind: 'runs', entries, elsewhere: [], failure: null })
  await eventually(() => expect(lab.store.getState().stored.isOpen).toBe(true))
}

const sessionEvent = (state: SessionState): TrainEvent => ({
  kind: 'session',
  session: 's',
  state,
  phase: null,
  kernels: null,
  notice: null,
  failure: null,
  runs: [],
})

const line = (at: number, text: string): LogLine => ({ at, level: 'info', text })

async function tellSession(state: SessionState): Promise<void> {
  tell(sessionEvent(state))
  await eventually(() => expect(lab.store.getState().session?.state).toBe(state))
}

test('a stored session is shown, and goes on', async () => {
  await tellRuns(entryOf('x-a', { createdAt: 2 }), entryOf('y-a', { state: 'open', createdAt: 1 }))
  await lab.actions.resumeSession('y')
  expect(asked.at(-1)).toMatchObject({
    kind: 'resume-runs',
    session: 'y',
    runs: ['y-a'],
    paused: false,
    epochs: 0,
  })
})

test('what was trained last is shown, not what was begun last; its log is in order, and a line of both runs stands once', async () => {
  logs = {
    'y-a': [line(3, 'A is evaluated'), line(1, 'compiled')],
    'y-b': [line(1, 'compiled'), line(2, 'B is evaluated')],
  }
  const b = configOf('b', entryOf('y-b').config)
  await tellRuns(
    entryOf('x-a', { createdAt: 2, changedAt: 2 }),
    entryOf('y-a', { createdAt: 1, changedAt: 9 }),
    entryOf('y-b', { createdAt: 1, changedAt: 9, config: b }),
  )
  await eventually(() => expect(lab.store.getState().session?.session).toBe('y'))
  expect(lab.store.getState().log.map(({ text, side }) => [text, side])).toEqual([
    ['compiled', null],
    ['B is evaluated', 'b'],
    ['A is evaluated', 'a'],
  ])
  // They are no results of this visit.
  expect(lab.store.getState().results).toEqual([])
})

test('a session that a person begins while stored runs are read stays', async () => {
  await tellRuns(entryOf('x-a'))
  tell(sessionEvent('preparing'))
  await eventually(() => expect(kinds()).toContain('load-run'))
  await eventually(() => expect(lab.store.getState().busy.has('open-runs')).toBe(false))
  expect(lab.store.getState().session).toMatchObject({ session: 's', isStored: false })
})

test('a compared run is read again once it was evaluated again, and only then', async () => {
  const entry = entryOf('x-a', { result: null })
  await tellRuns(entry)
  const reads = () => kinds().filter((kind) => kind === 'load-curves').length
  await lab.actions.compareRuns(['x-a'])
  const before = reads()
  await lab.actions.compareRuns(['x-a'])
  expect(reads()).toBe(before)
  tell({ kind: 'run-entry', entry: { ...entry, result: resultOf(0.5) } })
  await eventually(() => expect(lab.store.getState().stored.entries[0]?.result).not.toBeNull())
  await lab.actions.compareRuns(['x-a'])
  expect(reads()).toBe(before + 1)
})

test('one that cannot be read does not go on, and neither does the one that is shown', async () => {
  await tellRuns(entryOf('x-a', { createdAt: 2 }), entryOf('y-a', { state: 'open', createdAt: 1 }))
  await eventually(() => expect(lab.store.getState().session?.session).toBe('x'))
  refuses = 'load-run'
  await lab.actions.resumeSession('y')
  expect(kinds()).not.toContain('resume-runs')
  expect(lab.store.getState().failures.runs?.message).toBe('It is damaged.')
})

test('a page out of sight stores what is in training, and asks for nothing otherwise', async () => {
  const page = Object.assign(new EventTarget(), PAGE)
  const window = new EventTarget()
  checkpointWhenHidden(lab, page, window)
  const hide = () => {
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
  }
  hide()
  await tellSession('paused')
  hide()
  window.dispatchEvent(new Event('pagehide'))
  expect(asked).toEqual([])
  await tellSession('running')
  hide()
  await eventually(() => expect(asked).toEqual([{ kind: 'keep', session: 's' }]))
  page.visibilityState = 'visible'
  page.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('pagehide'))
  // Commands arrive in order: whatever was asked for before this one has arrived with it.
  await lab.actions.measureStorage()
  expect(kinds()).toEqual(['keep', 'keep', 'measure-storage'])
})

test('the browser is asked to keep the runs once, as soon as there is a result to lose', async () => {
  const persist = vi.fn<() => Promise<boolean>>(async () => true)
  vi.stubGlobal('navigator', { storage: { persist } })
  persistOnceItMatters(lab)
  const status = {
    usedBytes: 1,
    quotaBytes: 2,
    checkpointBytes: 0,
    intermediateCheckpointBytes: 0,
    intermediateBudgetBytes: 9,
  }
  tell({ kind: 'storage', status: { ...status, persisted: false } })
  await tellRuns(entryOf('x-a', { result: null }))
  expect(persist).not.toHaveBeenCalled()
  tell({ kind: 'run-entry', entry: entryOf('x-a') })
  await eventually(() => expect(kinds()).toContain('measure-storage'))
  tell({ kind: 'run-entry', entry: entryOf('x-b') })
  await eventually(() => expect(lab.store.getState().stored.entries).toHaveLength(2))
  expect(persist).toHaveBeenCalledTimes(1)
})

test('a browser that has promised already is not asked', async () => {
  const persist = vi.fn<() => Promise<boolean>>(async () => true)
  vi.stubGlobal('navigator', { storage: { persist } })
  persistOnceItMatters(lab)
  const status = {
    usedBytes: 1,
    quotaBytes: 2,
    checkpointBytes: 0,
    intermediateCheckpointBytes: 0,
    intermediateBudgetBytes: 9,
  }
  tell({ kind: 'storage', status: { ...status, persisted: true } })
  await tellRuns(entryOf('x-a'))
  expect(persist).not.toHaveBeenCalled()
})
