// What is left of a run when its tab is gone, and how it goes on: the real session, store and CPU engine.
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import type { TrainEvent } from '../contract/events.ts'
import { runConfigSchema } from '../config/run-config.ts'
import { eventually } from '../../scripts/testing/eventually.ts'
import { configOf, SIDES } from '../runs/pair.ts'
import { freshRunLibrary } from '../testing/worker/fresh-run-library.ts'
import type { RunAddition, RunStore } from './run-store/run-store.ts'
import { openLab, tinyConfig } from '../testing/worker/open-lab.ts'

/** As a command carries it. */
const CONFIG = runConfigSchema.parse({ ...tinyConfig(), budget: { unit: 'epoch', amount: 3 } })

type Opened = Awaited<ReturnType<typeof openLab>>

const start = ({ send }: Opened, config = CONFIG, paused = false) =>
  send({
    kind: 'start',
    session: 's',
    runs: SIDES.map((side) => ({ run: `s-${side}`, config: configOf(side, config) })),
    paused,
  })

const resume = ({ send }: Opened, epochs = 0) =>
  send({ kind: 'resume-runs', session: 's', runs: ['s-a', 's-b'], paused: false, epochs })

const weights = async ({ send }: Opened, run: string) =>
  (await send({ kind: 'export-weights', run, naming: 'akamaster', format: 'safetensors' })).bytes

const eventsOf = <K extends TrainEvent['kind']>({ events }: Opened, kind: K) =>
  events.filter((event): event is Extract<TrainEvent, { kind: K }> => event.kind === kind)

const stepsIn = (opened: Opened) =>
  eventsOf(opened, 'steps').flatMap(({ points }) => points.map(({ step }) => step))

test('a pair whose tab ends in mid-epoch goes on from its checkpoint, and ends bit for bit as if it had not', async () => {
  const whole = await openLab()
  await start(whole)
  await whole.finished()

  const stored = await freshRunLibrary()
  const before = await openLab({ stored })
  await start(before, CONFIG, true)
  for (let step = 1; step <= 3; step++) {
    before.services.sessions.inSession('s', (session) => session.step())
    await before.until(() => stepsIn(before).includes(step))
  }
  await before.inState('paused')
  // Nothing of this tab is used again.
  stored.endTabs()
  const after = await openLab({ stored })
  await after.services.runs.open()
  const [listed] = eventsOf(after, 'runs')
  expect(listed?.entries).toMatchObject([
    { run: 's-a', state: 'open', steps: 3, totalSteps: 6, result: { epoch: 1 } },
    { run: 's-b', state: 'open', steps: 3, totalSteps: 6, result: { epoch: 1 } },
  ])
  await resume(after)
  await after.finished()

  expect(Math.min(...stepsIn(after))).toBe(4)
  for (const run of ['s-a', 's-b']) {
    expect(await weights(after, run)).toEqual(await weights(whole, run))
    const history = await after.services.runs.load(run)
    const uninterrupted = await whole.services.runs.load(run)
    expect(history.steps).toEqual(uninterrupted.steps)
    const metrics = (epochs: typeof history.epochs) => epochs.map(({ at: _at, ...rest }) => rest)
    expect(metrics(history.epochs)).toEqual(metrics(uninterrupted.epochs))
  }
})

/** As "Clear site data" leaves it, before anything is written again. */
async function emptied(name: string): Promise<void> {
  const database = await openDB(name)
  const names = [...database.objectStoreNames]
  const transaction = database.transaction(names, 'readwrite')
  for (const store of names) await transaction.objectStore(store).clear()
  await transaction.done
  database.close()
}

test.each([0, 3])(
  'a pair whose store is emptied after step %s is stored anew, whole; other runs are gone from the list',
  async (step) => {
    const whole = await openLab()
    await start(whole)
    await whole.finished()

    const stored = await freshRunLibrary()
    const tab = await openLab({ stored })
    await tab.send({
      kind: 'start',
      session: 'other',
      runs: [{ run: 'other', config: CONFIG }],
      paused: false,
    })
    await tab.finished()
    await start(tab, CONFIG, true)
    for (let taken = 1; taken <= step; taken++) {
      tab.services.sessions.inSession('s', (session) => session.step())
      await tab.until(() => stepsIn(tab).filter((one) => one === taken).length >= 2)
    }
    await tab.inState('paused')
    await emptied(stored.name)
    tab.services.sessions.inSession('s', (session) => session.resume())
    await tab.finished()
    await tab.until(() => eventsOf(tab, 'runs').length > 0)
    expect(
      eventsOf(tab, 'runs')
        .at(-1)
        ?.entries.map(({ run }) => run),
    ).toEqual(['s-a', 's-b'])
    expect(eventsOf(tab, 'keeping').filter(({ failure }) => failure !== null)).toEqual([])

    stored.endTabs()
    const after = await openLab({ stored })
    for (const run of ['s-a', 's-b']) {
      expect(await weights(after, run)).toEqual(await weights(whole, run))
      const [history, uninterrupted] = [
        await after.services.runs.load(run),
        await whole.services.runs.load(run),
      ]
      expect(history.steps).toEqual(uninterrupted.steps)
      const metrics = (epochs: typeof history.epochs) => epochs.map(({ at: _at, ...rest }) => rest)
      expect(metrics(history.epochs)).toEqual(metrics(uninterrupted.epochs))
    }
    await resume(after, 1)
    await after.finished()
  },
)

test('a pair that was resumed is stored anew with what was reported before, where the store is emptied', async () => {
  const stored = await freshRunLibrary()
  const before = await openLab({ stored })
  await start(before)
  await before.finished()
  const first = await before.services.runs.load('s-a')
  stored.endTabs()
  const after = await openLab({ stored })
  await resume(after, 1)
  await emptied(stored.name)
  await after.finished()
  const again = await after.services.runs.load('s-a')
  expect(again.steps.loss.slice(0, first.steps.loss.length)).toEqual(first.steps.loss)
  expect(again.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4])
})

test('two tabs do not train one run: the second says where it is, and may once the first has ended', async () => {
  const stored = await freshRunLibrary()
  const first = await openLab({ stored })
  await start(first)
  await first.finished()
  const second = await openLab({ stored })
  await expect(resume(second, 1)).rejects.toMatchObject({
    code: 'run-busy',
    message: expect.stringMatching(
      /is open in another tab of this browser, which last stored it at \d\d:\d\d;/,
    ),
  })
  await expect(second.services.runs.delete(['s-b'])).rejects.toMatchObject({
    code: 'run-busy',
  })
  expect(eventsOf(second, 'session')).toEqual([])
  stored.endTabs()
  await resume(second, 1)
  await second.finished()
  expect(eventsOf(second, 'progress').at(-1)?.progress).toMatchObject({ step: 8, totalSteps: 8 })
})

test('a session’s runs are not deleted while it is paused, and are once it has ended; that is undone', async () => {
  const stored = await freshRunLibrary()
  const tab = await openLab({ stored })
  await start(tab, CONFIG, true)
  await tab.inState('paused')
  const both = ['s-a', 's-b']
  await expect(tab.services.runs.delete(both)).rejects.toMatchObject({
    code: 'run-busy',
  })
  tab.services.sessions.inSession('s', (session) => session.resume())
  await tab.finished()
  await tab.services.runs.delete(both)
  const { store } = await stored.tab()
  const isDeleted = async () => (await store.entries()).map(({ deletedAt }) => deletedAt !== null)
  expect(await isDeleted()).toEqual([true, true])
  await tab.services.runs.restore(both)
  expect(await isDeleted()).toEqual([false, false])
})

/** A store that refuses some of what it is given, as a full browser does. */
const noRoomWhile =
  (refuses: (additions: readonly RunAddition[]) => boolean) =>
  (store: RunStore): RunStore => ({
    ...store,
    async add(additions) {
      if (refuses(additions)) throw new DOMException('no room', 'QuotaExceededError')
      return store.add(additions)
    },
  })

test('where the store is full the run goes on from memory and says so; the next checkpoint stores all of it', async () => {
  const full = { is: false }
  const stored = await freshRunLibrary()
  const tab = await openLab({
    stored,
    changeStore: noRoomWhile(() => full.is),
  })
  await start(tab, CONFIG, true)
  const step = async (until: number) => {
    tab.services.sessions.inSession('s', (session) => session.step())
    await tab.until(() => stepsIn(tab).includes(until))
    await tab.inState('paused')
  }
  await step(1)
  full.is = true
  await step(2)
  await step(3)
  await tab.until(() => eventsOf(tab, 'keeping').at(-1)?.failure !== null)
  const reader = await stored.tab()
  expect(await reader.store.entry('s-a')).toMatchObject({ steps: 1, state: 'open' })
  expect((await reader.store.checkpoint('s-a', 'last'))?.state.steps).toBe(1)
  full.is = false
  tab.services.sessions.inSession('s', (session) => session.resume())
  await tab.finished()
  expect(eventsOf(tab, 'keeping').at(-1)?.failure).toBeNull()
  const { steps, epochs } = await reader.runs.load('s-a')
  expect(steps.loss).toHaveLength(6)
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
})

test('where a run’s last checkpoint finds no room, its entry is not ahead of what is stored; asked again, all of it is', async () => {
  const full = { is: false }
  const stored = await freshRunLibrary()
  const tab = await openLab({
    stored,
    // Room for an entry and its metrics, and none for weights.
    changeStore: noRoomWhile(
      (additions) => full.is && additions.some(({ checkpoints }) => checkpoints.length > 0),
    ),
  })
  await start(tab, CONFIG, true)
  tab.services.sessions.inSession('s', (session) => session.step())
  await tab.until(() => stepsIn(tab).includes(1))
  await tab.inState('paused')
  full.is = true
  tab.services.sessions.inSession('s', (session) => session.resume())
  await tab.finished()
  await tab.until(() => eventsOf(tab, 'keeping').at(-1)?.failure !== null)
  const { store } = await stored.tab()
  for (const run of ['s-a', 's-b']) {
    const { steps, state } = await store.entry(run)
    expect([steps, state]).toEqual([1, 'open'])
    expect((await store.checkpoint(run, 'last'))?.state.steps).toBe(1)
  }
  full.is = false
  tab.services.sessions.keep('s')
  await tab.until(() => eventsOf(tab, 'keeping').at(-1)?.failure === null)
  for (const run of ['s-a', 's-b']) {
    expect(await store.entry(run)).toMatchObject({ steps: 6, state: 'finished' })
    expect((await store.checkpoint(run, 'last'))?.state.steps).toBe(6)
  }
})

test('a session that is stored takes back what was said of one before it that was not', async () => {
  const full = { is: true }
  const tab = await openLab({
    changeStore: noRoomWhile(() => full.is),
  })
  await start(tab, CONFIG, true)
  await tab.inState('paused')
  await tab.until(() => eventsOf(tab, 'keeping').at(-1)?.failure?.code !== undefined)
  full.is = false
  const next = [{ run: 't-a', config: CONFIG }]
  await tab.send({ kind: 'start', session: 't', runs: next, paused: true })
  await eventually(() => expect(eventsOf(tab, 'keeping').at(-1)?.failure).toBeNull())
})

test('runs leave as one zip and come back elsewhere, where they go on bit for bit; a second import is a copy', async () => {
  const from = await openLab()
  await start(from, CONFIG, true)
  for (const step of [1, 2, 3]) {
    from.services.sessions.inSession('s', (session) => session.step())
    await from.until(() => stepsIn(from).includes(step))
  }
  await from.inState('paused')
  const { fileName, bytes } = await from.services.runs.export(['s-a', 's-b'])
  expect(fileName).toBe('residual-lab-2-runs.zip')
  from.services.sessions.inSession('s', (session) => session.resume())
  await from.finished()

  const to = await openLab()
  const file = new File([bytes], fileName)
  const take = async () => {
    const { entries } = await to.services.runs.import({ file, prefix: 'copy' })
    return entries.map(({ run }) => run)
  }
  expect(await take()).toEqual(['s-a', 's-b'])
  expect(await take()).toEqual(['copy-0', 'copy-1'])
  await to.services.runs.open()
  const entries = eventsOf(to, 'runs').at(-1)?.entries ?? []
  expect(entries.map(({ steps, result }) => [steps, result?.epoch])).toEqual(entries.map(() => [3, 1]))
  expect(new Set(entries.map(({ session }) => session)).size).toBe(2)
  await resume(to)
  await to.finished()
  for (const run of ['s-a', 's-b']) expect(await weights(to, run)).toEqual(await weights(from, run))
})

test('a budget that grew after the last checkpoint, and the time trained before, are those of the run that goes on', async () => {
  const stored = await freshRunLibrary()
  const before = await openLab({ stored })
  await start(before)
  await before.finished()
  await stored.store.change(['s-a', 's-b'], (entry) => ({
    ...entry,
    seconds: 1_000,
    config: { ...entry.config, budget: { unit: 'epoch', amount: 4 } },
  }))
  stored.endTabs()
  const after = await openLab({ stored })
  await resume(after)
  await after.finished()
  const progress = eventsOf(after, 'progress').at(-1)?.progress
  expect(progress).toMatchObject({ step: 8, totalSteps: 8 })
  expect(progress?.secondsElapsed).toBeGreaterThanOrEqual(1_000)
  expect((await stored.store.entry('s-a')).seconds).toBeGreaterThanOrEqual(1_000)
})
