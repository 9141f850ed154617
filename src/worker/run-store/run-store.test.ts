// What the store of runs does when something of it is old, damaged, too much or too long ago.
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, expect, test, vi } from 'vitest'
import { runConfigSchema } from '../../config/run-config.ts'
import type { RunEntry } from '../../contract/run-record.ts'
import { threadLocks } from '../../data/tab-lock.ts'
import { databaseContents } from '../../testing/data/database-contents.ts'
import { findPreset } from '../../presets/presets.ts'
import { heNetwork } from '../../presets/he.ts'
import { NO_STEPS, withRows } from '../../runs/step-columns.ts'
import { firstCheckpoint } from '../../training/checkpoint.ts'
import { writeCheckpoint } from '../../transfer/checkpoint-file.ts'
import { openRunStore, type RunAddition, type RunStore } from './run-store.ts'

afterEach(() => vi.restoreAllMocks())

const preset = findPreset('akamaster-32')?.config
// The linear layer’s bias began as 0 in version 1.
const today = preset && { ...preset, network: heNetwork({ n: 5 }) }
const CONFIG = runConfigSchema.parse({ ...today, network: heNetwork({ n: 1, width: 1 }) })
const FIRST = firstCheckpoint(CONFIG)
const HOUR_MS = 3_600_000

/** The bytes of one of these tests' checkpoints, which are as long as each other. */
const SIZE = checkpointAt(1).bytes.length

function checkpointAt(steps: number, is: { isBest?: boolean; endsEpoch?: boolean } = {}) {
  const bytes = writeCheckpoint({ ...FIRST, state: { ...FIRST.state, steps } }, { pointsApart: true })
  return { bytes, steps, isBest: false, endsEpoch: true, ...is }
}

function entryOf(run: string, changes: Partial<RunEntry> = {}): RunEntry {
  return {
    version: 1,
    run,
    session: run,
    group: null,
    config: CONFIG,
    name: '',
    notes: '',
    state: 'stopped',
    place: null,
    failure: null,
    createdAt: 0,
    changedAt: 0,
    deletedAt: null,
    device: null,
    appVersion: '0.1.0',
    seconds: 1,
    steps: 0,
    totalSteps: 9,
    stepsPerEpoch: 1,
    result: null,
    checkpointBytes: 0,
    engines: [],
    ...changes,
  }
}

/** A run's next step, which ends an epoch, and its checkpoint. */
function stepOf(run: string, step: number, isBest = false): RunAddition {
  return {
    entry: entryOf(run, { steps: step }),
    steps: {
      first: step,
      columns: withRows(NO_STEPS, [{ step, loss: 1 / step, accuracy: 0.5, learningRate: 0.1 }]),
    },
    epochs: [],
    log: [{ at: step, level: 'info', text: `step ${step}` }],
    checkpoints: [checkpointAt(step, { isBest })],
  }
}

let opened = 0

async function freshStore(options: Parameters<typeof openRunStore>[1] = {}) {
  const name = `run-store-${opened++}`
  const store = await openRunStore(name, { acquireLock: threadLocks(), ...options })
  return { name, store, database: await openDB(name) }
}

async function train(store: RunStore, run: string, steps: number): Promise<void> {
  for (let step = 1; step <= steps; step++) await store.add([stepOf(run, step)])
}

test('an entry whose config is of version 1 is read as today’s', async () => {
  const { store, database } = await freshStore()
  const network = {
    family: 'he',
    n: 5,
    width: 16,
    shortcut: 'subsample-pad',
    padding: 'centre',
    identity: true,
  }
  await database.put('entries', { ...entryOf('old'), config: { ...today, version: 1, network } }, 'old')
  expect(await store.entry('old')).toEqual({ ...entryOf('old'), config: today })
  expect(await store.entries()).toEqual([await store.entry('old')])
})

test('an entry that a later version wrote is left for it: not listed, damaged when asked for, its id taken', async () => {
  const { name, store, database } = await freshStore()
  await database.put('entries', { version: 2, run: 'later' }, 'later')
  const before = await databaseContents(name)
  await train(store, 'mine', 1)
  expect((await store.entries()).map(({ run }) => run)).toEqual(['mine'])
  await expect(store.entry('later')).rejects.toMatchObject({ code: 'run-damaged' })
  expect(await store.ids()).toEqual(['later', 'mine'])
  expect(await databaseContents(name)).toEqual(expect.arrayContaining(before))
})

test('a run that is not there is absent, and says so', async () => {
  const { store } = await freshStore()
  await expect(store.entry('gone')).rejects.toMatchObject({
    code: 'run-absent',
    message: expect.stringContaining('Run gone is not stored in this browser any more'),
  })
  expect(await store.checkpoint('gone', 'last')).toBeNull()
})

test.each([
  ['cut short', (bytes: Uint8Array) => bytes.slice(0, -1)],
  ['replaced by something else', () => 'nothing'],
  ['gone', () => undefined],
])('a last checkpoint that is %s is damaged; its metrics and other runs are not', async (_what, damage) => {
  const { store, database } = await freshStore()
  await train(store, 'hurt', 2)
  await train(store, 'whole', 2)
  const bytes = damage(checkpointAt(2).bytes)
  if (bytes === undefined) await database.delete('checkpoints', ['hurt', 2])
  else await database.put('checkpoints', bytes, ['hurt', 2])
  await expect(store.checkpoint('hurt', 'last')).rejects.toMatchObject({
    code: 'run-damaged',
    message: expect.stringContaining('Run hurt is damaged in this browser'),
  })
  expect((await store.history('hurt')).steps.loss).toEqual(Float64Array.of(1, 1 / 2))
  expect((await store.checkpoint('whole', 'last'))?.state).toEqual({ ...FIRST.state, steps: 2 })
  expect(await store.entries()).toHaveLength(2)
})

test.each([
  ['a piece of its steps is gone', 'steps', 2, undefined],
  ['a piece of its steps is something else', 'steps', 2, { loss: [1] }],
  ['its last step is gone, which its checkpoint has taken', 'steps', 3, undefined],
  ['an epoch is something else', 'epochs', 1, { epoch: 1 }],
  ['a line of its log is something else', 'log', 0, 'hello'],
])('where %s the run cannot go on, and other runs can', async (_what, part, key, value) => {
  const { store, database } = await freshStore()
  await train(store, 'hurt', 3)
  await train(store, 'whole', 3)
  if (value === undefined) await database.delete(part, ['hurt', key])
  else await database.put(part, value, ['hurt', key])
  await expect(store.checkpoint('hurt', 'last')).rejects.toMatchObject({ code: 'run-damaged' })
  expect((await store.history('whole')).log).toHaveLength(3)
  expect((await store.checkpoint('whole', 'last'))?.points).toHaveLength(3)
})

test('of checkpoints between, the oldest go first when they are over the budget, whosever they are; last and best stay', async () => {
  const clock = { now: 0 }
  const { store, database } = await freshStore({
    now: () => clock.now++,
    intermediateBudgetBytes: 2 * SIZE + 8,
  })
  await store.add([stepOf('a', 1, true)])
  for (const step of [2, 3, 4]) await store.add([stepOf('a', step)])
  expect(await database.getAllKeys('checkpoints')).toEqual([1, 2, 3, 4].map((step) => ['a', step]))
  await store.add([stepOf('b', 1, true)])
  await store.add([stepOf('b', 2)])
  const changed = await store.add([stepOf('b', 3)])
  // a's 2 is the oldest of a's 2 and 3 and b's 2.
  expect(await database.getAllKeys('checkpoints')).toEqual([
    ...[1, 3, 4].map((step) => ['a', step]),
    ...[1, 2, 3].map((step) => ['b', step]),
  ])
  expect(await database.getAllKeys('sizes')).toEqual(await database.getAllKeys('checkpoints'))
  expect(changed.map(({ run, checkpointBytes }) => [run, checkpointBytes / SIZE])).toEqual([
    ['b', 3],
    ['a', 3],
  ])
  expect(await store.entry('a')).toEqual(changed[1])
  expect(await store.sizes()).toEqual({ all: 6 * SIZE, between: 2 * SIZE })
  expect((await store.checkpoint('a', 'best'))?.state.steps).toBe(1)
  expect((await store.checkpoint('a', 'last'))?.state.steps).toBe(4)
})

test('with no room between, a run keeps its last and its best however many it takes', async () => {
  const { store, database } = await freshStore({ intermediateBudgetBytes: 0 })
  for (let step = 1; step <= 5; step++) await store.add([stepOf('a', step, step === 2)])
  expect(await database.getAllKeys('checkpoints')).toEqual([
    ['a', 2],
    ['a', 5],
  ])
})

test('a run deleted for over a day is dropped with all that it had; one deleted since is kept', async () => {
  const clock = { now: 0 }
  const { name, store, database } = await freshStore({ now: () => clock.now })
  for (const run of ['kept', 'late', 'gone']) await train(store, run, 2)
  await store.change(['gone'], (entry) => ({ ...entry, deletedAt: 0 }))
  await store.change(['late'], (entry) => ({ ...entry, deletedAt: 2 * HOUR_MS }))
  clock.now = 25 * HOUR_MS
  expect((await store.entries()).map(({ run }) => run)).toEqual(['kept', 'late'])
  expect((await databaseContents(name)).filter((line) => line.includes('gone'))).toEqual([])
  expect(await database.count('steps')).toBe(4)
  expect((await store.history('late')).steps.loss).toHaveLength(2)
})

test('where the storage fills up while a pair is stored, what was stored stands to the bit, and the next try stores all', async () => {
  const { name, store } = await freshStore()
  await store.add([stepOf('a', 1), stepOf('b', 1)])
  const before = await databaseContents(name)
  // The method as it is, to be called on whatever store it was meant for.
  const { value: put } = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put') ?? {}
  let checkpoints = 0
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...what) {
    if (this.name === 'checkpoints' && ++checkpoints === 2) {
      throw new DOMException('full', 'QuotaExceededError')
    }
    return put.call(this, ...what)
  })
  const next = [stepOf('a', 2), stepOf('b', 2)]
  await expect(store.add(next)).rejects.toMatchObject({
    code: 'storage-full',
    message: expect.stringContaining('What was stored before is unchanged.'),
  })
  expect(checkpoints).toBe(2)
  expect(await databaseContents(name)).toEqual(before)
  vi.restoreAllMocks()
  await store.add(next)
  for (const run of ['a', 'b']) expect((await store.checkpoint(run, 'last'))?.points).toHaveLength(2)
})

test('going back drops what came after a step, in the middle of a piece too', async () => {
  const { store } = await freshStore()
  const points = [1, 2, 3, 4].map((step) => ({ step, loss: step, accuracy: 0, learningRate: 1 }))
  await store.add([
    { ...stepOf('a', 1), steps: { first: 1, columns: withRows(NO_STEPS, points) }, checkpoints: [] },
  ])
  await store.add([{ ...stepOf('a', 5), checkpoints: [] }])
  await store.rewind('a', 3)
  expect((await store.history('a')).steps.loss).toEqual(Float64Array.of(1, 2, 3))
})
