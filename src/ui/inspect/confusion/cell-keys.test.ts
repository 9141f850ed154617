import { expect, test } from 'vitest'
import { cellAfterKey } from './cell-keys.ts'

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, shiftKey: false })
const shift = (key: string) => ({ key, ctrlKey: false, shiftKey: true })

test('arrows go one cell and stop at the edge', () => {
  expect(cellAfterKey({ truth: 0, predicted: 9 }, press('ArrowRight'), 10)).toEqual({
    truth: 0,
    predicted: 9,
  })
  expect(cellAfterKey({ truth: 0, predicted: 9 }, press('ArrowDown'), 10)).toEqual({ truth: 1, predicted: 9 })
  expect(cellAfterKey({ truth: 0, predicted: 9 }, press('ArrowUp'), 10)).toEqual({ truth: 0, predicted: 9 })
  expect(cellAfterKey({ truth: 3, predicted: 9 }, press('ArrowLeft'), 10)).toEqual({ truth: 3, predicted: 8 })
})

test('with Shift arrows go ten cells, and stop at the edge as well', () => {
  const place = { truth: 4, predicted: 45 }
  expect(cellAfterKey(place, shift('ArrowRight'), 100)).toEqual({ truth: 4, predicted: 55 })
  expect(cellAfterKey(place, shift('ArrowLeft'), 100)).toEqual({ truth: 4, predicted: 35 })
  expect(cellAfterKey(place, shift('ArrowDown'), 100)).toEqual({ truth: 14, predicted: 45 })
  expect(cellAfterKey(place, shift('ArrowUp'), 100)).toEqual({ truth: 0, predicted: 45 })
})

test('Home and End go along the row, with Ctrl to the corners', () => {
  expect(cellAfterKey({ truth: 4, predicted: 4 }, press('Home'), 10)).toEqual({ truth: 4, predicted: 0 })
  expect(cellAfterKey({ truth: 4, predicted: 4 }, press('End', true), 10)).toEqual({ truth: 9, predicted: 9 })
})

test('other keys lead nowhere', () => {
  expect(cellAfterKey({ truth: 4, predicted: 4 }, press('a'), 10)).toBeNull()
})
