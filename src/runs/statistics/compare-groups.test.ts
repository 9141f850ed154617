import { expect, test } from 'vitest'
import { compareAnswers, compareGroups } from './compare-groups.ts'
import { mcnemarText, pairedText, welchText } from './format-comparison.ts'
import { comparedRun } from '../../testing/runs/compared-runs.ts'

const NAMES = ['A', 'B'] as const
const three = (identity: boolean, accuracies: readonly number[]) =>
  accuracies.map((accuracy, i) => comparedRun({ seed: i + 1, accuracies: [10, accuracy], identity }))

/** So many images that one alone is right on, of 1,000; all others both are. */
function answersOf(onlyFirst: number, onlySecond: number) {
  const labels = new Uint8Array(1_000)
  const first = labels.map((_, i) => (i >= onlyFirst && i < onlyFirst + onlySecond ? 1 : 0))
  const second = labels.map((_, i) => (i < onlyFirst ? 2 : 0))
  const run = (predicted: Uint8Array<ArrayBuffer>) =>
    comparedRun({ seed: 1, accuracies: [50], answers: { labels, predicted } })
  return [run(first), run(second)] as const
}

test('two groups over three seeds are compared by Welch’s t and pair by pair, in words', () => {
  // The errors of the second case of fixtures/welch.json and of fixtures/paired.json, as accuracies.
  const found = compareGroups(three(true, [91.5, 91.3, 91.25]), three(false, [87, 84.9, 87.8]))
  if (!found?.welch || !found.paired) throw new Error('a test is silent')
  expect(found.epoch).toBe(2)
  expect(welchText(NAMES, found.welch, [found.first.n, found.second.n])).toBe(
    'Over seeds, the mean accuracy of B is 4.78 percentage points lower than that of A (95 % interval of the difference ' +
      '−8.46 to −1.10; Welch’s t, p = 0.0303; Hedges’ g −3.59; n = 3 and 3 runs).',
  )
  expect(pairedText(NAMES, found.paired)).toMatch(
    /^With the same seed, the average accuracy of B is 4\.78 percentage points lower than that of A \(95 % interval of the difference −8\.\d\d to −1\.\d\d; paired t, p = 0\.03\d\d; Hedges’ g −1\.8\d; n = 3 pairs\)\.$/,
  )
})

test('runs of different lengths are compared after the epoch that all have', () => {
  const longer = comparedRun({ seed: 4, accuracies: [10, 90, 99] })
  const found = compareGroups([longer, ...three(true, [88, 89, 90])], three(false, [80, 81, 85]))
  expect([found?.epoch, found?.first.mean]).toEqual([2, 89.25])
})

test('two seeds have means and no test; a run that was never evaluated is compared with none', () => {
  const [one, two] = [three(true, [90, 91]), three(false, [80, 85])]
  expect(compareGroups(one, two)).toMatchObject({ first: { n: 2, mean: 90.5 }, welch: null, paired: null })
  expect(compareGroups(one, [comparedRun({ seed: 1, accuracies: [] })])).toBeNull()
})

test('McNemar’s test of two runs is one sentence with both counts, the interval, p, the effect and n', () => {
  const [a, b] = answersOf(30, 12)
  const found = compareAnswers(a, b)
  // scipy.stats.binomtest(12, 42).pvalue is 0.00791…
  expect(found && mcnemarText(NAMES, found.agreement, found.result)).toBe(
    'A is right on 30 images that B gets wrong, and B on 12 images that A gets wrong: the accuracy of A is 1.80 ' +
      'percentage points higher than that of B (95 % interval of the difference +0.50 to +3.09; McNemar’s exact test, ' +
      'p = 0.0079; odds ratio 2.50; n = 1,000 test images).',
  )
})

test('answers to other images, no answers, and five images that tell two runs apart say nothing', () => {
  const [a, b] = answersOf(30, 12)
  const other = { labels: Uint8Array.from({ length: 1_000 }, () => 3), predicted: new Uint8Array(1_000) }
  expect(compareAnswers(a, { answers: other })).toBeNull()
  expect(compareAnswers(a, { answers: null })).toBeNull()
  expect(compareAnswers(...answersOf(4, 1))).toBeNull()
  expect(compareAnswers(b, a)?.result.difference).toBeCloseTo(-0.018, 12)
})
