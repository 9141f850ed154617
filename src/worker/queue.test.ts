// The queue of one tab and of two: the real session, store and CPU engine.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { createGate, type Gate } from '../testing/node/test-gate.ts'
import type { TrainEvent } from '../contract/events.ts'
import { type RunConfig, runConfigSchema } from '../config/run-config.ts'
import { queueOf } from '../runs/queue-order.ts'
import { freshRunLibrary } from '../testing/worker/fresh-run-library.ts'
import { openLab, tinyConfig } from '../testing/worker/open-lab.ts'

/** As a command carries it: two steps. */
const CONFIG = runConfigSchema.parse({ ...tinyConfig(), budget: { unit: 'epoch', amount: 1 } })

/** Diverges in some 20 steps. */
const WILD: RunConfig = {
  ...CONFIG,
  network: { ...CONFIG.network, identity: false },
  optimiser: { ...CONFIG.optimiser, learningRate: 100, weightDecay: 1 },
  budget: { unit: 'iteration', amount: 60 },
}

type Opened = Awaited<ReturnType<typeof openLab>>

const add = ({ services }: Opened, sessions: readonly string[], config: RunConfig = CONFIG) =>
  services.queue.add({
    kind: 'queue-add',
    group: 'seeds',
    sessions: sessions.map((session, i) => ({
      session,
      runs: [{ run: `${session}-a`, config: { ...config, seed: i } }],
    })),
  })

const start = ({ send }: Opened, session: string, paused = false) =>
  send({
    kind: 'start',
    session,
    runs: [{ run: `${session}-a`, config: CONFIG }],
    paused,
  })

const cancel = ({ services }: Opened, ...sessions: string[]) =>
  services.queue.cancel({ kind: 'queue-cancel', sessions })

const waiting = async ({ services }: Opened) =>
  queueOf(await services.runs.entries()).map(({ session }) => session)

const entryOf = async ({ services }: Opened, run: string) =>
  (await services.runs.entries()).find((entry) => entry.run === run)

/** Sessions in the order in which they were begun. */
const begun = ({ events }: Opened) => [
  ...new Set(events.flatMap((event) => (event.kind === 'session' ? [event.session] : []))),
]

const queueState = ({ events }: Opened) =>
  events.findLast((event): event is Extract<TrainEvent, { kind: 'queue' }> => event.kind === 'queue')

async function empty(opened: Opened): Promise<void> {
  await opened.until(async () => (await waiting(opened)).length === 0)
}

test('sessions are trained one after another, and one that diverges or cannot begin does not stop the queue', async () => {
  const tab = await openLab()
  await tab.services.queue.hold()
  await add(tab, ['wild'], WILD)
  await add(tab, ['absent'], { ...CONFIG, data: { ...CONFIG.data, set: 'cifar10' } })
  await add(tab, ['first', 'second'])
  expect(await waiting(tab)).toEqual(['wild', 'absent', 'first', 'second'])
  expect(begun(tab)).toEqual([])
  await tab.services.queue.go()
  await empty(tab)

  expect(begun(tab)).toEqual(['wild', 'absent', 'first', 'second'])
  expect(await entryOf(tab, 'wild-a')).toMatchObject({
    state: 'failed',
    failure: { code: 'training-diverged' },
  })
  expect(await entryOf(tab, 'absent-a')).toMatchObject({
    state: 'failed',
    failure: { code: 'data-set-absent' },
  })
  expect(await entryOf(tab, 'second-a')).toMatchObject({
    state: 'finished',
    group: 'seeds',
    steps: 2,
    place: null,
    device: { backend: 'wasm' },
  })
})

test('a session that a person trains ends before the queue goes on; stopping it lets the next begin', async () => {
  const tab = await openLab()
  await start(tab, 'by-hand', true)
  await tab.inState('paused')
  await add(tab, ['queued'])
  expect(begun(tab)).toEqual(['by-hand'])
  tab.services.sessions.inSession('by-hand', (session) => session.stop())
  await empty(tab)
  expect(await entryOf(tab, 'by-hand-a')).toMatchObject({ state: 'stopped' })
  expect(await entryOf(tab, 'queued-a')).toMatchObject({ state: 'finished' })
})

test('held, the session in training goes on and none begins after it; cancelled ones can be restored', async () => {
  const gate = createGate({ closed: true })
  const tab = await openLab({ gate })
  await add(tab, ['one', 'two', 'three'])
  await tab.services.queue.hold()
  await expect(cancel(tab, 'two', 'one')).rejects.toMatchObject({ code: 'run-busy' })
  expect(await waiting(tab)).toEqual(['one', 'two', 'three'])
  await tab.services.queue.move({ kind: 'queue-move', session: 'three', before: 'two' })
  gate.open()
  await tab.finished()
  await tab.until(async () => (await waiting(tab)).length === 2)
  expect(await waiting(tab)).toEqual(['three', 'two'])
  await cancel(tab, 'three', 'two')
  expect(await waiting(tab)).toEqual([])
  await tab.services.runs.restore(['two-a', 'three-a'])
  expect(await waiting(tab)).toEqual(['three', 'two'])
  expect(begun(tab)).toEqual(['one'])
})

/** Trains one step of the first session that waits, and pauses it. */
async function stepOfTheFirst(tab: Opened, gate: Gate): Promise<void> {
  await gate.letThrough(1)
  const [session = ''] = await waiting(tab)
  tab.services.sessions.inSession(session, (running) => running.pause())
  gate.open()
  await tab.inState('paused')
}

test('after a reload the queue is held; it goes on with the session that was interrupted, from its checkpoint', async () => {
  const stored = await freshRunLibrary()
  const gate = createGate()
  const before = await openLab({ stored, gate })
  await start(before, 'by-hand', true)
  await before.inState('paused')
  gate.close()
  await add(before, ['one', 'two'], { ...CONFIG, budget: { unit: 'epoch', amount: 2 } })
  before.services.sessions.inSession('by-hand', (session) => session.stop())
  await gate.letThrough(1)
  await before.until(() => begun(before).includes('one'))
  await stepOfTheFirst(before, gate)
  // Nothing of this tab is used again.
  stored.endTabs()
  const after = await openLab({ stored })
  await after.services.queue.open()
  expect(queueState(after)).toMatchObject({ state: 'held', failure: null })
  expect(begun(after)).toEqual([])
  expect(await waiting(after)).toEqual(['one', 'two'])
  expect(await entryOf(after, 'one-a')).toMatchObject({ state: 'open', steps: 1 })

  await after.services.queue.go()
  await empty(after)
  expect(begun(after)).toEqual(['one', 'two'])
  const first = after.events.find((event) => event.kind === 'steps')
  expect(first).toMatchObject({ run: 'one-a', points: [{ step: 2 }] })
  expect(await entryOf(after, 'one-a')).toMatchObject({ state: 'finished', steps: 4 })
})

test('an interrupted session that is cancelled leaves the queue, and stays where it was', async () => {
  const stored = await freshRunLibrary()
  const gate = createGate({ closed: true })
  const before = await openLab({ stored, gate })
  await add(before, ['one'])
  await stepOfTheFirst(before, gate)
  stored.endTabs()
  const after = await openLab({ stored })
  await cancel(after, 'one')
  expect(await waiting(after)).toEqual([])
  expect(await entryOf(after, 'one-a')).toMatchObject({ state: 'open', deletedAt: null, place: null })
})

test('two tabs do not work on one queue: the second says so, and adds to it', async () => {
  const stored = await freshRunLibrary()
  const gate = createGate({ closed: true })
  const first = await openLab({ stored, gate })
  const second = await openLab({ stored })
  await add(first, ['one'])
  expect(queueState(second)).toMatchObject({ state: 'elsewhere' })
  await add(second, ['two'])
  await expect(second.services.queue.go()).rejects.toMatchObject({
    code: 'queue-busy',
    message: expect.stringMatching(/^The queue is running in another tab\. Pause it there/),
  })
  await expect(second.services.queue.hold()).rejects.toMatchObject({ code: 'queue-busy' })
  const third = await openLab({ stored })
  await third.services.queue.open()
  expect(queueState(third)).toMatchObject({ state: 'elsewhere' })
  gate.open()
  await empty(first)
  expect([begun(first), begun(second)]).toEqual([['one', 'two'], []])

  // Nothing waits any more, so either may.
  await second.until(() => queueState(second)?.state === 'going')
  await add(second, ['three'])
  await empty(second)
  expect(begun(second)).toEqual(['three'])
})

test('where a run could not be kept the queue is held, and says why', async () => {
  const full = { is: false }
  const tab = await openLab({
    changeStore: (store) => ({
      ...store,
      async add(additions) {
        if (full.is) throw new DOMException('no room', 'QuotaExceededError')
        return store.add(additions)
      },
    }),
  })
  await start(tab, 'by-hand', true)
  await add(tab, ['one', 'two'])
  full.is = true
  tab.services.sessions.inSession('by-hand', (session) => session.resume())
  await tab.finished()
  await tab.until(() => queueState(tab)?.state === 'held')
  expect(queueState(tab)?.failure).not.toBeNull()
  expect(begun(tab)).toEqual(['by-hand'])
  full.is = false
  await tab.services.queue.go()
  await empty(tab)
  expect(begun(tab)).toEqual(['by-hand', 'one', 'two'])
})

test('a device that cannot be had fails one session, not all of them', async () => {
  const device = { isThere: false }
  const tab = await openLab({ refusesEngine: () => !device.isThere })
  await add(tab, ['one', 'two'])
  await tab.until(() => queueState(tab)?.state === 'held')
  expect(queueState(tab)?.failure).toMatchObject({ code: 'device-unavailable' })
  expect(await waiting(tab)).toEqual(['two'])
  device.isThere = true
  await tab.services.queue.go()
  await empty(tab)
  expect(await entryOf(tab, 'two-a')).toMatchObject({ state: 'finished' })
})
