import { expect, test } from 'vitest'
import { readAscending, readList, readNumber } from './read-number.ts'

const rate = { min: 0, max: 100, whole: false }
const images = { min: 1, max: 50_000, whole: true }

test.each([
  ['64', 64],
  [' 0.1 ', 0.1],
  ['.5', 0.5],
  ['0,1', 0.1],
  ['5e-4', 0.0005],
  ['0', 0],
])('"%s" is read as %d', (text, value) => {
  expect(readNumber(text, rate)).toEqual({ value })
})

test('digits in groups of three are one number', () => {
  expect(readNumber('50,000', images)).toEqual({ value: 50_000 })
})

test.each(['', 'ten', '1.2.3', '0x10', 'Infinity', 'NaN', '1e', '-1', '100.1'])(
  '"%s" is no rate from 0 to 100',
  (text) => {
    expect(readNumber(text, rate)).toEqual({ error: 'Enter a number from 0 to 100.' })
  },
)

test.each(['0', '1.5', '50,001'])('"%s" is no count of images', (text) => {
  expect(readNumber(text, images)).toEqual({ error: 'Enter a whole number from 1 to 50,000.' })
})

test.each([
  ['100, 150', [100, 150]],
  ['60 120;160', [60, 120, 160]],
  ['', []],
])('"%s" is a list', (text, value) => {
  expect(readAscending(text, { min: 1, max: 200 })).toEqual({ value })
})

test.each(['150, 100', '100, 100', '0, 10', '1.5', 'ten', '100, 201'])(
  '"%s" is no ascending list up to 200',
  (text) => {
    expect(readAscending(text, { min: 1, max: 200 })).toHaveProperty('error')
  },
)

test('a list of numbers is read by commas and spaces, and refused for one that is out of range', () => {
  const range = { min: -1, max: 1, whole: false }
  expect(readList('0.49, -0.48 .45', range)).toEqual({ value: [0.49, -0.48, 0.45] })
  expect(readList('0.49, 2', range)).toEqual({ error: 'Enter a number from -1 to 1.' })
})
