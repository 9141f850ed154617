import { expect, test } from 'vitest'
import { epochRecord, eventsFile, eventsFileHead, eventsFileName } from './tfevents.ts'
import { readEvents } from '../testing/transfer/read-events.ts'

const AT = 1_700_000_000_500
const epoch = (number: number) => ({
  epoch: number,
  at: AT + 1000 * number,
  train: { loss: 1.25 / number, accuracy: 0.5 },
  test: { accuracy: 0.625 },
  learningRate: 0.1,
})

test('a file begins with its version, and holds the four scalars of each epoch at the author’s step', () => {
  expect(readEvents(eventsFile([epoch(1), epoch(2)]))).toEqual([
    { wallTime: AT / 1000 + 1, step: 0, fileVersion: 'brain.Event:2', scalars: {} },
    {
      wallTime: AT / 1000 + 1,
      step: 0,
      fileVersion: null,
      scalars: { test_acc: 62.5, train_acc: 50, train_loss: 1.25, learning_rate: Math.fround(0.1) },
    },
    {
      wallTime: AT / 1000 + 2,
      step: 1,
      fileVersion: null,
      scalars: { test_acc: 62.5, train_acc: 50, train_loss: 0.625, learning_rate: Math.fround(0.1) },
    },
  ])
})

test('a step that needs more than one byte is read back', () => {
  const steps = [128, 129, 16_385, 2 ** 31].map((number) => readEvents(epochRecord(epoch(number)))[0]?.step)
  expect(steps).toEqual([127, 128, 16_384, 2 ** 31 - 1])
})

test('a file written record by record is the file written at once', () => {
  const pieces = [eventsFileHead(epoch(1).at), epochRecord(epoch(1)), epochRecord(epoch(2))]
  expect(Buffer.concat(pieces).equals(eventsFile([epoch(1), epoch(2)]))).toBe(true)
})

test('a bit that changes anywhere is found by a checksum', () => {
  const file = eventsFile([epoch(3)])
  for (let at = 0; at < file.length; at++) {
    const damaged = file.slice()
    damaged[at] = (damaged[at] ?? 0) ^ 0x10
    expect(() => readEvents(damaged)).toThrow(/checksum|ends/)
  }
})

test('a file’s name has what TensorBoard looks for, and the second it began', () => {
  expect(eventsFileName(AT, 'residual-lab')).toBe('events.out.tfevents.1700000000.residual-lab')
})
