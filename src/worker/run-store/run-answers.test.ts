import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { defaultSetup } from '../../client/setup/default-setup.ts'
import type { EpochRecord } from '../../contract/events.ts'
import { classificationReport } from '../../training/classification-report.ts'
import { freshRunLibrary } from '../../testing/worker/fresh-run-library.ts'

const TEST = classificationReport({ confusion: Uint32Array.of(1, 0, 1, 0), lossSum: 1 }, 2)

const epochOf = (epoch: number): EpochRecord => ({
  epoch,
  step: epoch * 10,
  at: epoch,
  train: null,
  validation: null,
  test: TEST,
  answers: { labels: Uint8Array.of(0, 1), predicted: Uint8Array.of(0, epoch % 2) },
})

test('of a stored run the newest epoch alone keeps its answers', async () => {
  const { runs, store } = await freshRunLibrary()
  const config = defaultSetup(null)
  const persistence = await runs.begin({ session: 's', runs: [{ run: 'r', config }] }, null)
  await persistence.end()
  const entry = await store.entry('r')
  const add = (...epochs: EpochRecord[]) =>
    store.add([{ entry, steps: null, epochs, log: [], checkpoints: [] }])
  const answers = async () => (await store.history('r')).epochs.map((epoch) => epoch.answers?.predicted)
  await add(epochOf(1))
  expect(await answers()).toEqual([Uint8Array.of(0, 1)])
  await add(epochOf(2), epochOf(3))
  expect(await answers()).toEqual([undefined, undefined, Uint8Array.of(0, 1)])

  // What a comparison reads of it: the scores without their matrices, and these answers.
  const { perClass: _perClass, confusion: _confusion, ...scores } = TEST
  const { epochs, answers: newest } = await runs.loadCurves('r')
  expect(epochs).toEqual(
    [1, 2, 3].map((epoch) => ({ epoch, step: epoch * 10, train: null, validation: null, test: scores })),
  )
  expect(newest).toEqual(epochOf(3).answers)
})
