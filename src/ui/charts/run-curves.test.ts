import { expect, test } from 'vitest'
import type { RunSeries } from './chart-types.ts'
import { curvesOf, lastStep, linesOf, readingAt } from './run-curves.ts'

/** Losses 4, 3, 2, 1 … with an epoch of two steps. */
function seriesOf(steps: number): RunSeries {
  return {
    run: 'a',
    label: 'A',
    description: 'with identity',
    colour: 'a',
    dashed: false,
    steps: {
      loss: Float64Array.from({ length: steps }, (_, i) => steps - i),
      accuracy: Float64Array.from({ length: steps }, (_, i) => i / steps),
      learningRate: new Float64Array(steps).fill(0.1),
    },
    epochs: Array.from({ length: Math.floor(steps / 2) }, (_, i) => ({
      step: 2 * (i + 1),
      epoch: i + 1,
      train: { loss: 1, accuracy: 0.5 },
      validation: null,
      test: { loss: 10 - i, accuracy: 0.25, correct: 25, total: 100 },
    })),
  }
}

test('at a step between epochs, the reading has that step and the last finished epoch', () => {
  const { train, epoch } = readingAt(curvesOf(seriesOf(4), 0), 3)
  expect(train).toEqual({
    loss: { step: 3, value: 2, spread: null },
    accuracy: { step: 3, value: 0.5, spread: null },
    learningRate: { step: 3, value: 0.1, spread: null },
  })
  expect(epoch).toBe(1)
})

test('with no step given, the reading is the newest', () => {
  const { train, epoch } = readingAt(curvesOf(seriesOf(4), 0), null)
  expect([train?.loss.step, epoch]).toEqual([4, 2])
})

test('before the first step there is nothing to read', () => {
  const { train, epoch } = readingAt(curvesOf(seriesOf(4), 0), 0)
  expect([train, epoch]).toEqual([null, null])
})

test('smoothing reaches training loss and accuracy, and neither the learning rate nor the test scores', () => {
  const { train, test: scores } = curvesOf(seriesOf(4), 0.5)
  // (0.25 · 4 + 0.5 · 3) / 0.75
  expect(train.loss.y[1]).toBeCloseTo(10 / 3, 12)
  expect([...train.learningRate.y]).toEqual([0.1, 0.1, 0.1, 0.1])
  expect([...scores.loss.y]).toEqual([10, 9])
})

test('each line of a chart has at most the limit of points, however many steps', () => {
  const runs = [curvesOf(seriesOf(20_000), 0.6), curvesOf(seriesOf(20_000), 0.6)]
  const lines = linesOf(runs, 'loss', { low: 0, high: 20_000 }, 500)
  expect(lines.map(({ key }) => key)).toEqual(['0-raw', '1-raw', '0-train', '0-test', '1-train', '1-test'])
  for (const { curve } of lines) {
    expect(curve.x.length).toBeGreaterThan(200)
    expect(curve.x.length).toBeLessThanOrEqual(500)
  }
})

test('a run with images set aside has a third line', () => {
  const series = seriesOf(4)
  const epochs = series.epochs.map((epoch) => ({ ...epoch, validation: { ...epoch.test, loss: 7 } }))
  const curves = curvesOf({ ...series, epochs }, 0)
  expect(
    linesOf([curves], 'loss', { low: 0, high: 4 }, 500).map(({ part, curve }) => [part, Array.from(curve.y)]),
  ).toEqual([
    ['train', [4, 3, 2, 1]],
    ['validation', [7, 7]],
    ['test', [10, 9]],
  ])
})

test('the last step is that of the run that is ahead', () => {
  expect(lastStep([seriesOf(4), seriesOf(7)].map((series) => curvesOf(series, 0)))).toBe(7)
  expect(lastStep([])).toBe(0)
})

test('a group is the mean of its smoothed runs, with their spread and how many they are', () => {
  const group = { ...seriesOf(0), members: [seriesOf(4), seriesOf(2)] }
  const curves = curvesOf(group, 0)
  expect([...curves.train.loss.y]).toEqual([3, 2, 2, 1])
  expect([...(curves.test.loss.spread?.n ?? [])]).toEqual([2, 1])
  const { train, test: scores, epoch } = readingAt(curves, 2)
  expect(train?.loss).toEqual({ step: 2, value: 2, spread: { sd: Math.SQRT2, n: 2 } })
  expect([scores?.loss.value, epoch]).toEqual([10, 1])
  expect(readingAt(curves, null).train?.loss.spread).toEqual({ sd: null, n: 1 })
})
