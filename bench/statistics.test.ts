import { expect, test } from 'vitest'
import { summarise } from './statistics.ts'

test('an odd number of values has its median in the middle, whatever their order', () => {
  expect(summarise([9, 1, 5])).toEqual({ median: 5, low: 1, high: 9 })
})

test('an even number of values has its median between the middle two', () => {
  expect(summarise([10, 1, 2, 4])).toEqual({ median: 3, low: 1, high: 10 })
})

test('one value is its own range, and none is an error', () => {
  expect(summarise([7])).toEqual({ median: 7, low: 7, high: 7 })
  expect(() => summarise([])).toThrow('nothing to summarise')
})
