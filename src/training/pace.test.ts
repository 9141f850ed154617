import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

/** A pace after ten reads of `steps` steps, `ms` apart. */
function paceOf(steps: number, ms: number) {
  const pace = createPace()
  pace.restart(0)
  for (let i = 1; i <= 10; i++) pace.finished(steps, i * ms)
  return pace
}

test('before any measurement it reads after each step', () => {
  expect(createPace().stepsPerReadBack()).toBe(1)
  expect(createPace().secondsPerStep()).toBeNull()
})

test('slow steps are read one by one, fast ones at most four times a second and at least every 16 steps', () => {
  expect(paceOf(1, 2000).stepsPerReadBack()).toBe(1)
  expect(paceOf(1, 50).stepsPerReadBack()).toBe(5)
  expect(paceOf(16, 16).stepsPerReadBack()).toBe(16)
})

test('a pause does not count as a slow step', () => {
  const pace = paceOf(1, 100)
  pace.restart(60_000)
  pace.finished(1, 60_100)
  expect(pace.secondsPerStep()).toBeCloseTo(0.1, 6)
})
