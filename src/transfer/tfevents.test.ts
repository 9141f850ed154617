import { expect, test } from 'vitest'
import { SMALL_CONFIG } from '../testing/runs/small-config.ts'
import { readEvents } from '../testing/transfer/read-events.ts'
import {
  endRecord,
  epochRecord,
  eventsFile,
  eventsFileHead,
  eventsFileName,
  hyperparametersRecord,
  restartRecord,
  stepRecord,
} from './tfevents.ts'

const AT = 1_700_000_000_500
const point = (step: number) => ({ step, loss: 2 / step, accuracy: 0.25, learningRate: 0.1 })
const score = (correct: number) => ({ loss: 1.5, accuracy: correct / 8, correct, total: 8 })
const epoch = (number: number) => ({
  epoch: number,
  step: 2 * number,
  at: AT + 1000 * number,
  train: number === 0 ? null : { loss: 1.25, accuracy: 0.5 },
  validation: null,
  test: score(5),
})
const run = {
  run: 'a',
  config: SMALL_CONFIG,
  points: [1, 2, 3, 4, 5].map(point),
  epochs: [0, 1, 2].map(epoch),
}

test('steps and epochs stand at the training step that they are of, in shares from 0 to 1', () => {
  const [head, hyperparameters, ...events] = readEvents(eventsFile(run, AT + 9000))
  expect(head).toMatchObject({ fileVersion: 'brain.Event:2', wallTime: AT / 1000 })
  expect(Object.keys(hyperparameters?.scalars ?? {})).toEqual(['_hparams_/session_start_info'])
  const before = { epoch: 0, 'test/loss': 1.5, 'test/accuracy': 0.625 }
  const trained = { 'train/epoch_loss': 1.25, 'train/epoch_accuracy': 0.5 }
  const step = (loss: number) => ({
    'train/loss': Math.fround(loss),
    'train/accuracy': 0.25,
    'train/learning_rate': Math.fround(0.1),
  })
  expect(events.map(({ step: at, wallTime, scalars }) => [at, wallTime - AT / 1000, scalars])).toEqual([
    [0, 0, before],
    [1, 1, step(2)],
    [2, 1, step(1)],
    [2, 1, { ...before, ...trained, epoch: 1 }],
    [3, 2, step(2 / 3)],
    [4, 2, step(0.5)],
    [4, 2, { ...before, ...trained, epoch: 2 }],
    [5, 9, step(0.4)],
  ])
})

test('steps that the page has not followed are left out', () => {
  const unknown = { step: 1, loss: Number.NaN, accuracy: Number.NaN, learningRate: Number.NaN }
  const events = readEvents(eventsFile({ ...run, points: [unknown, point(2)], epochs: [] }, AT))
  expect(events.slice(2).map(({ step }) => step)).toEqual([2])
})

test('a step that needs more than one byte is read back', () => {
  const steps = [128, 129, 16_385, 2 ** 31].map((step) => readEvents(stepRecord(point(step), AT))[0]?.step)
  expect(steps).toEqual([128, 129, 16_385, 2 ** 31])
})

test('a bit that changes anywhere is found by a checksum', () => {
  const file = Buffer.concat([
    eventsFileHead(AT),
    hyperparametersRecord(SMALL_CONFIG, AT),
    restartRecord(3, AT),
    epochRecord(epoch(3), AT),
    endRecord(false, AT),
  ])
  expect(readEvents(file)).toHaveLength(5)
  for (let at = 0; at < file.length; at++) {
    const damaged = Uint8Array.from(file)
    damaged[at] = (damaged[at] ?? 0) ^ 0x10
    expect(() => readEvents(damaged)).toThrow(/checksum|ends/)
  }
})

test('a file’s name has what TensorBoard looks for, and the second it began', () => {
  expect(eventsFileName(AT, 'residual-lab')).toBe('events.out.tfevents.1700000000.residual-lab')
})
