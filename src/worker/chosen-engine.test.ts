// Which engine trains: as it is chosen, asked about, and recorded. The engines are the CPU's under three names.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { openTestEngine } from '../testing/node/test-engine.ts'
import { AppError } from '../base/app-error.ts'
import type { EngineSetting } from '../contract/engine-setting.ts'
import type { TrainEvent } from '../contract/events.ts'
import { runConfigSchema } from '../config/run-config.ts'
import type { Engine } from '../engine/engine.ts'
import { freshRunLibrary } from '../testing/worker/fresh-run-library.ts'
import { openLab, tinyConfig } from '../testing/worker/open-lab.ts'

/** Epochs of two steps. */
const CONFIG = runConfigSchema.parse({ ...tinyConfig(), budget: { unit: 'epoch', amount: 2 } })
const WEBGPU: EngineSetting = { engine: 'webgpu', threads: null }
const CPU: EngineSetting = { engine: 'cpu', threads: null }

async function pretend({ engine: choice }: EngineSetting): Promise<Engine> {
  const engine = await openTestEngine(() => undefined)
  return { ...engine, info: { ...engine.info, engine: choice === 'auto' ? 'webgpu' : choice } }
}

type Opened = Awaited<ReturnType<typeof openLab>>

const open = (stored?: Awaited<ReturnType<typeof freshRunLibrary>>) =>
  openLab({ createEngine: pretend, ...(stored && { stored }) })

const start = ({ send }: Opened, paused = false) =>
  send({ kind: 'start', session: 's', runs: [{ run: 's-a', config: CONFIG }], paused })

const resume = ({ send }: Opened, mayChangeEngine?: boolean) =>
  send({
    kind: 'resume-runs',
    session: 's',
    runs: ['s-a'],
    paused: false,
    epochs: 0,
    mayChangeEngine,
  })

const eventsOf = <K extends TrainEvent['kind']>({ events }: Opened, kind: K) =>
  events.filter((event): event is Extract<TrainEvent, { kind: K }> => event.kind === kind)

const openedEngines = (opened: Opened) => eventsOf(opened, 'device').map(({ info }) => info.engine)

const entryOf = async ({ services }: Opened) =>
  (await services.runs.entries()).find(({ run }) => run === 's-a')

const stepOnce = async (opened: Opened, step: number) => {
  opened.services.sessions.inSession('s', (session) => session.step())
  await opened.until(() =>
    eventsOf(opened, 'steps').some(({ points }) => points.some((point) => point.step === step)),
  )
  await opened.inState('paused')
}

test('where nothing is trained, the engine that is chosen is opened at once, and told with its setting', async () => {
  const opened = await open()
  await opened.services.sessions.open()
  await opened.services.sessions.chooseEngine(CPU)
  expect(eventsOf(opened, 'device').map(({ info, setting }) => [info.engine, setting])).toEqual([
    ['webgpu', { engine: 'auto', threads: null }],
    ['cpu', CPU],
  ])
  await opened.services.sessions.chooseEngine(CPU)
  expect(openedEngines(opened)).toEqual(['webgpu', 'cpu'])
})

test('a session in training keeps its engine to its end; then the chosen one is opened', async () => {
  const opened = await open()
  await start(opened, true)
  await opened.inState('paused')
  await opened.services.sessions.chooseEngine(CPU)
  await stepOnce(opened, 1)
  expect(openedEngines(opened)).toEqual(['webgpu'])
  opened.services.sessions.inSession('s', (session) => session.resume())
  await opened.finished()
  await opened.until(() => openedEngines(opened).length === 2)
  expect(openedEngines(opened)).toEqual(['webgpu', 'cpu'])
  expect(await entryOf(opened)).toMatchObject({
    engines: [{ engine: 'webgpu', fromStep: 0 }],
    device: { engine: 'webgpu' },
  })
})

test('the weights of a finished session are still there after its engine was closed', async () => {
  const opened = await open()
  await start(opened)
  await opened.finished()
  const weights = () =>
    opened.send({ kind: 'export-weights', run: 's-a', naming: 'akamaster', format: 'npz' })
  const before = await weights()
  await opened.services.sessions.chooseEngine(CPU)
  expect(await weights()).toEqual(before)
})

test('a finished session is extended with another engine only where a person agrees', async () => {
  const opened = await open()
  await start(opened)
  await opened.finished()
  await opened.services.sessions.chooseEngine(CPU)
  const extend = (mayChangeEngine?: boolean) =>
    opened.send({ kind: 'extend', session: 's', epochs: 1, mayChangeEngine })
  await expect(extend()).rejects.toMatchObject({ code: 'engine-changed' })
  expect(await entryOf(opened)).toMatchObject({ steps: 4 })
  await extend(true)
  await opened.until(async () => (await entryOf(opened))?.steps === 6)
  expect(await entryOf(opened)).toMatchObject({
    engines: [
      { engine: 'webgpu', fromStep: 0 },
      { engine: 'cpu', fromStep: 4 },
    ],
    device: { engine: 'cpu' },
  })
})

test('a stored run goes on with another engine only where a person agrees, and its log and entry say so', async () => {
  const stored = await freshRunLibrary()
  const before = await open(stored)
  await start(before, true)
  await before.inState('paused')
  await stepOnce(before, 1)
  stored.endTabs()

  const after = await open(stored)
  await after.services.sessions.chooseEngine(CPU)
  await expect(resume(after)).rejects.toMatchObject({
    code: 'engine-changed',
    message:
      'This run was trained with WebGPU; continuing with the CPU engine changes its last digits from here on.',
  })
  expect(eventsOf(after, 'session')).toEqual([])
  await resume(after, true)
  await after.finished()
  await after.until(async () => (await entryOf(after))?.state === 'finished')
  const engines = [
    { engine: 'webgpu', fromStep: 0 },
    { engine: 'cpu', fromStep: 1 },
  ]
  expect(await entryOf(after)).toMatchObject({ engines })
  expect((await after.services.runs.checkpoint('s-a')).engines).toEqual(engines)
  const { log } = await after.services.runs.load('s-a')
  expect(log.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(
      /^Up to step 1 this run was trained with WebGPU; from here on the CPU engine trains it/,
    ),
  )
})

test('the same engine goes on without a question', async () => {
  const stored = await freshRunLibrary()
  const before = await open(stored)
  await start(before, true)
  await before.inState('paused')
  await stepOnce(before, 1)
  stored.endTabs()
  const after = await open(stored)
  await after.services.sessions.chooseEngine(WEBGPU)
  await resume(after)
  await after.finished()
  expect((await after.services.runs.checkpoint('s-a')).engines).toEqual([{ engine: 'webgpu', fromStep: 0 }])
})

test('a run that was stored before engines were noted, and of no known device, goes on without a question', async () => {
  const stored = await freshRunLibrary()
  const before = await open(stored)
  await start(before, true)
  await before.inState('paused')
  await stepOnce(before, 1)
  stored.endTabs()
  const { store } = await stored.tab()
  await store.change(['s-a'], (entry) => ({ ...entry, engines: [], device: null }))
  const after = await open(stored)
  await after.services.sessions.chooseEngine(CPU)
  await resume(after)
  await after.finished()
  expect((await after.services.runs.checkpoint('s-a')).state.steps).toBe(4)
})

test('an engine that replaces a lost one is recorded from the checkpoint on, and the log says so', async () => {
  const lose: ((error: AppError) => void)[] = []
  const opened = await openLab({
    createEngine(_setting, onFailure) {
      lose.push(onFailure)
      return pretend(lose.length === 1 ? CPU : WEBGPU)
    },
  })
  await start(opened, true)
  await opened.inState('paused')
  await stepOnce(opened, 1)
  lose[0]?.(new AppError('device-lost', 'A thread of the CPU engine ended unexpectedly.'))
  await opened.until(() => openedEngines(opened).length === 2)
  opened.services.sessions.inSession('s', (session) => session.resume())
  await opened.finished()
  await opened.until(async () => (await entryOf(opened))?.state === 'finished')
  expect(await entryOf(opened)).toMatchObject({
    engines: [
      { engine: 'cpu', fromStep: 0 },
      { engine: 'webgpu', fromStep: 1 },
    ],
  })
  const { log } = await opened.services.runs.load('s-a')
  expect(log.filter(({ text }) => text.startsWith('Up to step 1 this run was trained with'))).toHaveLength(1)
})

test('an engine that something else is using is closed only after that', async () => {
  const told: string[] = []
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const opened = await openLab({
    async createEngine(setting) {
      const engine = await pretend(setting)
      return {
        ...engine,
        async compile(graph, options) {
          told.push('compiling')
          await held
          const trainer = await engine.compile(graph, options)
          told.push('compiled')
          return trainer
        },
        dispose() {
          told.push('closed')
          engine.dispose()
        },
      }
    },
  })
  const profiling = opened.send({ kind: 'profile', config: CONFIG }).catch(() => undefined)
  await opened.until(() => told.includes('compiling'))
  const choosing = opened.services.sessions.chooseEngine(CPU)
  letGo()
  await Promise.all([profiling, choosing])
  expect(told).toEqual(['compiling', 'compiled', 'closed'])
})
