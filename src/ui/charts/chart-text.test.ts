import { expect, test } from 'vitest'
import { NO_STEPS } from '../../runs/step-columns.ts'
import type { GroupSeries, RunSeries } from './chart-types.ts'
import { readingText, summaryOf } from './chart-text.ts'
import { curvesOf, readingAt } from './run-curves.ts'

const SERIES: RunSeries = {
  run: 'b',
  label: 'B',
  description: 'without identity',
  colour: 'b',
  dashed: true,
  steps: {
    loss: Float64Array.of(2.4, 2, 1.5),
    accuracy: Float64Array.of(0.125, 0.25, 0.5),
    learningRate: Float64Array.of(0.1, 0.1, 0.01),
  },
  epochs: [
    {
      step: 2,
      epoch: 1,
      train: { loss: 2.1, accuracy: 0.2 },
      validation: null,
      test: { loss: 1.8, accuracy: 0.4 },
    },
    {
      step: 3,
      epoch: 2,
      train: { loss: 1.5, accuracy: 0.5 },
      validation: null,
      test: { loss: 1.9, accuracy: 0.39 },
    },
  ],
}
const EMPTY: RunSeries = { ...SERIES, steps: NO_STEPS, epochs: [] }

test('the summary of the loss names its first and last step and the lowest test loss', () => {
  expect(summaryOf('loss', curvesOf(SERIES, 0))).toBe(
    'B without identity: training loss 2.4000 at step 1, 1.5000 at step 3; best test loss 1.8000 after epoch 1.',
  )
})

test('the summary of the accuracy names the highest test accuracy', () => {
  expect(summaryOf('accuracy', curvesOf(SERIES, 0))).toContain(
    'best test accuracy 40.00\u202f% after epoch 1',
  )
})

/** Scores on images set aside, best where the test's are not. */
const VALIDATED: RunSeries = {
  ...SERIES,
  epochs: SERIES.epochs.map((epoch, i) => ({
    ...epoch,
    epoch: i,
    validation: { loss: 2 - i, accuracy: 0.25 * i, correct: i, total: 4 },
  })),
}

test('where images are set aside, they choose the best epoch', () => {
  expect(summaryOf('loss', curvesOf(VALIDATED, 0))).toContain('; best validation loss 1.0000 after epoch 1.')
})

test('the cursor speaks validation scores before the test’s, and epoch 0 as before training', () => {
  expect(readingText(2, [readingAt(curvesOf(VALIDATED, 0), 2)], 2)).toContain(
    '; before training, validation loss 2.0000, validation accuracy 0.00\u202f%, test loss 1.8000',
  )
})

test('the learning rate has no test score to name', () => {
  expect(summaryOf('learningRate', curvesOf(SERIES, 0))).toBe(
    'B without identity: learning rate 0.1 at step 1, 0.01 at step 3.',
  )
})

test('a run without steps says so', () => {
  expect(summaryOf('loss', curvesOf(EMPTY, 0))).toBe('B without identity: no steps yet.')
})

test('the cursor speaks the step, the epoch and every metric of a run', () => {
  const readings = [readingAt(curvesOf(SERIES, 0), 2)]
  expect(readingText(2, readings, 2)).toBe(
    'Step 2, epoch 1.00. B without identity: training loss 2.0000, training accuracy 25.00\u202f%, ' +
      'learning rate 0.1; after epoch 1, test loss 1.8000, test accuracy 40.00\u202f%',
  )
})

test('the cursor leaves out the epoch where its length is not known, and a score that is not there', () => {
  const readings = [readingAt(curvesOf(SERIES, 0), 1)]
  expect(readingText(1, readings, null)).not.toMatch(/epoch|test/)
})

test('of a group the cursor speaks means, deviations and the number of runs', () => {
  const worse = { ...SERIES, steps: { ...SERIES.steps, loss: Float64Array.of(2.4, 3) } }
  const group: GroupSeries = { ...SERIES, members: [SERIES, worse] }
  const valueText = readingText(2, [readingAt(curvesOf(group, 0), 2)], null)
  expect(valueText).toContain(
    'B without identity (2 runs): training loss 2.5000 ± 0.7071, training accuracy 25.00',
  )
})
