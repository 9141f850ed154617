import { expect, test } from 'vitest'
import { copiedRows, NO_STEPS, pointsOfColumns, rowsBetween, withRows } from './step-columns.ts'

const pointsFrom = (first: number, count: number, loss = 1) =>
  Array.from({ length: count }, (_, i) => ({
    step: first + i,
    loss: loss / (first + i),
    accuracy: 0.5,
    learningRate: 0.1,
  }))

test('rows that are added come back in order, however many at a time', () => {
  const counts = [1, 16, 3, 200, 1]
  let columns = NO_STEPS
  let first = 1
  for (const count of counts) {
    columns = withRows(columns, pointsFrom(first, count))
    first += count
  }
  expect(pointsOfColumns(columns)).toEqual(pointsFrom(1, 221))
})

test('adding a row does not change what was read before, and rarely moves it', () => {
  const before = withRows(NO_STEPS, pointsFrom(1, 3))
  const after = withRows(before, pointsFrom(4, 1))
  expect(before.loss).toHaveLength(3)
  expect(after.loss.buffer).toBe(before.loss.buffer)
})

test('two columns that grow from the same rows do not write over one another', () => {
  const rows = withRows(NO_STEPS, pointsFrom(1, 3))
  const one = withRows(rows, pointsFrom(4, 2, 7))
  const other = withRows(rows, pointsFrom(4, 2, 9))
  expect(pointsOfColumns(one).slice(3)).toEqual(pointsFrom(4, 2, 7))
  expect(pointsOfColumns(other).slice(3)).toEqual(pointsFrom(4, 2, 9))
})

test('rows that were cut off stay for whoever holds them when others take their place', () => {
  const all = withRows(NO_STEPS, pointsFrom(1, 4))
  const again = withRows(rowsBetween(all, 0, 2), pointsFrom(3, 2, 5))
  expect(pointsOfColumns(all)).toEqual(pointsFrom(1, 4))
  expect(pointsOfColumns(again)).toEqual([...pointsFrom(1, 2), ...pointsFrom(3, 2, 5)])
})

test('copied rows are in memory that holds nothing else', () => {
  const { loss } = copiedRows(rowsBetween(withRows(NO_STEPS, pointsFrom(1, 5)), 1, 3))
  expect(loss).toEqual(Float64Array.of(1 / 2, 1 / 3))
  expect(loss.buffer.byteLength).toBe(2 * 8)
})
