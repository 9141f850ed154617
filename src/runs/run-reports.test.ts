import { expect, test } from 'vitest'
import type { TrainEvent } from '../contract/events.ts'
import { NO_REPORTS, type RunReports, withReport } from './run-reports.ts'

const steps = (...numbers: number[]): Extract<TrainEvent, { kind: 'steps' }> => ({
  kind: 'steps',
  run: 'r',
  points: numbers.map((step) => ({ step, loss: step, accuracy: 0.5, learningRate: 0.1 })),
})

const losses = ({ steps: { loss } }: RunReports) => [...loss]

test('a run that is followed from its third step on has no numbers for the first two', () => {
  const reports = withReport(withReport(NO_REPORTS, steps(3)), steps(4, 5))
  expect(losses(reports)).toEqual([Number.NaN, Number.NaN, 3, 4, 5])
})

test('a step that is reported again takes its own row, and those after it are void', () => {
  const reports = withReport(withReport(NO_REPORTS, steps(1, 2, 3)), steps(2))
  expect(losses(reports)).toEqual([1, 2])
})

test('a report of no steps changes nothing', () => {
  const before = withReport(NO_REPORTS, steps(1))
  expect(withReport(before, steps())).toBe(before)
})
