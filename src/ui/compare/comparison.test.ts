import { expect, test } from 'vitest'
import { comparedRun } from '../../testing/runs/compared-runs.ts'
import { curvesOf, linesOf, QUANTITIES } from '../charts/run-curves.ts'
import { comparisonOf } from './comparison.ts'

const EXPERIMENT = [1, 2, 3].flatMap((seed) => [
  comparedRun({ seed, accuracies: [50, 90 + seed / 10], identity: true }),
  comparedRun({ seed, accuracies: [40, 85 - seed, 99], identity: false }),
])

test('runs are named by what tells them apart, and groups by all but the seed', () => {
  const { runs, groups } = comparisonOf(EXPERIMENT)
  expect(runs.map(({ series }) => series.description).slice(0, 2)).toEqual([
    'with identity, seed 1',
    'without identity, seed 1',
  ])
  expect(groups.map(({ series, seeds }) => [series.label, series.description, seeds])).toEqual([
    ['A', 'with identity', [1, 2, 3]],
    ['B', 'without identity', [1, 2, 3]],
  ])
  expect(comparisonOf([comparedRun({ seed: 1, accuracies: [50] })]).runs[0]?.series.description).toBe('')
})

test('metrics are after the epoch that all runs have', () => {
  const { epoch, groups } = comparisonOf(EXPERIMENT)
  expect(epoch).toBe(2)
  expect(groups.map(({ accuracy }) => accuracy)).toEqual([
    { n: 3, mean: expect.closeTo(90.2, 10), sd: expect.closeTo(0.1, 10) },
    { n: 3, mean: 83, sd: 1 },
  ])
  expect(groups.map(({ epochs }) => epochs)).toEqual([
    [2, 2],
    [3, 3],
  ])
})

test('two groups over three seeds are tested; runs without answers are not', () => {
  const { findings } = comparisonOf(EXPERIMENT)
  expect(findings).toEqual([
    expect.stringMatching(
      /^After epoch 2: over seeds, the mean accuracy of group B is 7\.20 percentage points lower/,
    ),
    expect.stringMatching(/^After epoch 2: with the same seed, the average accuracy of group B is 7\.20/),
  ])
  expect(comparisonOf(EXPERIMENT.slice(0, 4)).findings).toEqual([])
})

test('two runs whose answers are known are compared image by image', () => {
  const labels = new Uint8Array(100)
  const wrongOn = (count: number) => labels.map((_, i) => (i < count ? 1 : 0))
  const run = (identity: boolean, count: number) =>
    comparedRun({ seed: 1, accuracies: [50], identity, answers: { labels, predicted: wrongOn(count) } })
  expect(comparisonOf([run(true, 0), run(false, 20)]).findings).toEqual([
    expect.stringMatching(/^run 1 is right on 20 images that run 2 gets/),
  ])
})

test('the pattern says identity, in however many runs, and the colour says the run', () => {
  const runs = Array.from({ length: 16 }, (_, i) =>
    comparedRun({ seed: i, accuracies: [50], identity: i % 3 === 0 }),
  )
  const series = comparisonOf(runs).runs.map((run) => run.series)
  expect(series.map(({ dashed }) => dashed)).toEqual(runs.map(({ config }) => !config.network.identity))
  expect(new Set(series.slice(0, 8).map(({ colour }) => colour)).size).toBe(8)
  const groups = comparisonOf(runs).groups.map((group) => group.series)
  expect(groups.map(({ dashed }) => dashed)).toEqual([false, true])
})

/** Of this process, in milliseconds: what else the machine does is not in it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

// The whole test, with making the runs, takes 513 ms on two quiet cores (2026-11-28).
test('what ten runs of 300 epochs show is made in less than a second of computing', () => {
  const accuracies = Array.from({ length: 300 }, (_, i) => 90 - 80 / (i + 1))
  const steps = 300 * 391
  const column = (salt: number) => Float64Array.from({ length: steps }, (_, i) => salt + Math.sin(i))
  const runs = Array.from({ length: 10 }, (_, i) => ({
    ...comparedRun({ seed: i >> 1, accuracies, identity: i % 2 === 0 }),
    steps: { loss: column(i), accuracy: column(i), learningRate: column(i) },
    answers: { labels: new Uint8Array(10_000), predicted: new Uint8Array(10_000).fill(i % 3) },
  }))
  const begun = cpuMs()
  const curves = comparisonOf(runs).runs.map(({ series }) => curvesOf(series, 0.6))
  const lines = QUANTITIES.flatMap((quantity) => linesOf(curves, quantity, { low: 0, high: steps }, 500))
  const ms = cpuMs() - begun
  expect(lines).toHaveLength(80)
  expect(ms).toBeLessThan(1000)
})

test('the same seed again is no evidence: it is in no group, no mean and no test, and that is said', () => {
  const twice = [...EXPERIMENT, ...EXPERIMENT.slice(0, 2)]
  const { groups, repeated, findings } = comparisonOf(twice)
  expect(repeated).toBe(2)
  expect(groups.map(({ seeds, accuracy }) => [seeds, accuracy?.n])).toEqual([
    [[1, 2, 3], 3],
    [[1, 2, 3], 3],
  ])
  expect(findings).toEqual(comparisonOf(EXPERIMENT).findings)
})
