// What is stored of a session that goes back to its last checkpoint while its runs are being stored.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { AppError } from '../../base/app-error.ts'
import type { TrainEvent } from '../../contract/events.ts'
import { freshRunLibrary } from '../../testing/worker/fresh-run-library.ts'
import { findPreset } from '../../presets/presets.ts'

const config = findPreset('akamaster-20')?.config
if (!config) throw new Error('the preset is there')

const stepsEvent = (first: number, last: number): TrainEvent => ({
  kind: 'steps',
  run: 'a',
  points: Array.from({ length: last - first + 1 }, (_, i) => ({
    step: first + i,
    loss: first + i,
    accuracy: 0.5,
    learningRate: 0.1,
  })),
})
const session = (state: 'running' | 'paused' | 'stopped'): TrainEvent => ({
  kind: 'session',
  session: 's',
  state,
  phase: null,
  kernels: null,
  notice: null,
  failure: null,
  runs: [{ run: 'a', config, failure: null }],
})

test('steps that were stored before the session went back are taken out, and the history is whole', async () => {
  const { tab } = await freshRunLibrary()
  let isFull = false
  const { runs, store } = await tab(
    () => undefined,
    (opened) => ({
      ...opened,
      add: (additions) =>
        isFull ? Promise.reject(new AppError('storage-full', 'The storage is full.')) : opened.add(additions),
    }),
  )
  const persistence = await runs.begin({ session: 's', runs: [{ run: 'a', config }] }, null)
  await persistence.settled()
  isFull = true
  persistence.emit(session('running'))
  persistence.emit(stepsEvent(1, 4))
  persistence.emit(session('paused'))
  await persistence.keep([])
  isFull = false
  // All that was reported is stored, beyond the last checkpoint.
  await persistence.tryAgain()
  await persistence.settled()
  expect(Array.from((await store.history('a')).steps.loss)).toEqual([1, 2, 3, 4])

  persistence.emit({ kind: 'rewound', run: 'a', step: 2 })
  persistence.emit(stepsEvent(3, 5))
  persistence.emit(session('stopped'))
  expect(await persistence.settled()).toBeNull()
  expect(Array.from((await store.history('a')).steps.loss)).toEqual([1, 2, 3, 4, 5])
})

test('steps that are being stored while the session goes back are taken out of the history too', async () => {
  const { tab } = await freshRunLibrary()
  let hold: Promise<void> | null = null
  let noteAdding = () => undefined as void
  const { runs, store } = await tab(
    () => undefined,
    (opened) => ({
      ...opened,
      async add(additions) {
        noteAdding()
        await hold
        return opened.add(additions)
      },
    }),
  )
  const persistence = await runs.begin({ session: 's', runs: [{ run: 'a', config }] }, null)
  await persistence.settled()
  let release = () => undefined as void
  hold = new Promise((resolve) => {
    release = resolve
  })
  const adding = new Promise<void>((resolve) => {
    noteAdding = resolve
  })
  persistence.emit(stepsEvent(1, 4))
  persistence.emit(session('stopped'))
  await adding
  persistence.emit({ kind: 'rewound', run: 'a', step: 2 })
  persistence.emit(stepsEvent(3, 3))
  release()
  persistence.emit(session('running'))
  expect(await persistence.settled()).toBeNull()
  expect(Array.from((await store.history('a')).steps.loss)).toEqual([1, 2, 3])
})
