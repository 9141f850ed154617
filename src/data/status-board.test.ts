import { expect, test } from 'vitest'
import type { DataSetStatus } from '../contract/events.ts'
import { createStatusBoard } from './status-board.ts'

function createBoard() {
  const emitted: DataSetStatus[] = []
  const clock = { ms: 0 }
  const board = createStatusBoard(
    (status) => emitted.push(status),
    () => clock.ms,
  )
  const progressAt = (ms: number, bytes: number) => {
    clock.ms = ms
    board.progress('cifar10', bytes, 1e6)
  }
  return { board, emitted, clock, progressAt }
}

test('progress is said four times a second, however often it is made', () => {
  const { board, emitted, progressAt } = createBoard()
  board.show('cifar10', { state: 'downloading' })
  emitted.length = 0
  for (let ms = 0; ms <= 2_000; ms += 10) progressAt(ms, ms)
  expect(emitted.map(({ bytes }) => bytes)).toEqual([250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000])
})

test('a change of state is said at once', () => {
  const { board, emitted } = createBoard()
  board.show('cifar10', { state: 'downloading' })
  board.show('cifar10', { state: 'unpacking' })
  expect(emitted.map(({ state }) => state)).toEqual(['downloading', 'unpacking'])
})

test('the speed is that of the last five seconds, and unknown for the first half second', () => {
  const { board, emitted, progressAt } = createBoard()
  board.show('cifar10', { state: 'downloading' })
  emitted.length = 0
  for (let ms = 250; ms <= 10_000; ms += 250)
    progressAt(ms, ms <= 3_000 ? ms * 100 : 300_000 + (ms - 3_000) * 10)
  expect(emitted.slice(0, 3).map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([null, null, 100_000])
  expect(emitted.at(-1)?.bytesPerSecond).toBe(10_000)
})

test('another state has no speed until it is measured anew', () => {
  const { board, emitted, progressAt } = createBoard()
  board.show('cifar10', { state: 'downloading' })
  for (let ms = 250; ms <= 1_000; ms += 250) progressAt(ms, ms)
  expect(emitted.at(-1)?.bytesPerSecond).toBe(1_000)
  board.show('cifar10', { state: 'unpacking' })
  expect(emitted.at(-1)?.bytesPerSecond).toBeNull()
})
