import { expect, test } from 'vitest'
import { paceFor } from './schedule.ts'

const SLICES = { rounds: 5, sliceMs: 1000 }
const roundsOf = (stepMs: number, rounds = 5) => [...paceFor(stepMs, { ...SLICES, rounds }).rounds]

test('a fast contender fills its slice of every round', () => {
  expect(paceFor(90, SLICES)).toEqual({ steps: 11, rounds: new Set([0, 1, 2, 3, 4]) })
})

test('a step that outlasts the slice is a turn, in as many rounds as twice the slices pay for', () => {
  expect(paceFor(1000, SLICES)).toEqual({ steps: 1, rounds: new Set([0, 1, 2, 3, 4]) })
  expect(roundsOf(2500)).toEqual([0, 1, 3, 4])
  expect(roundsOf(3000)).toEqual([0, 2, 4])
})

test('even the slowest has a turn in the first and in the last round', () => {
  expect(paceFor(80_000, SLICES)).toEqual({ steps: 1, rounds: new Set([0, 4]) })
})

test('no contender has more turns than there are rounds', () => {
  expect(roundsOf(80_000, 1)).toEqual([0])
  expect(roundsOf(1, 1)).toEqual([0])
})

test('at most 1,000 steps are queued, however short they are', () => {
  expect(paceFor(0.01, SLICES).steps).toBe(1000)
  expect(paceFor(0, SLICES).steps).toBe(1000)
})
