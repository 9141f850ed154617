import { expect, test } from 'vitest'
import type { RunConfig } from '../contract/run-config.ts'
import { networkInWords } from '../network/network-words.ts'
import { PRESETS } from '../network/presets.ts'
import { type EvaluatedRun, groupBySeed, meanAndSd, repeatedSeed, summaryTable } from './run-summary.ts'

const [preset] = PRESETS
if (!preset) throw new Error('there is no preset')
const { config } = preset

function run(seed: number, wrong: number, changed: Partial<RunConfig> = {}): EvaluatedRun {
  return {
    name: `run-${seed}`,
    config: { ...config, ...changed, seed },
    steps: 64_000,
    test: { correct: 10_000 - wrong, total: 10_000 },
  }
}
const plain = { network: { ...config.network, identity: false } }

test('the standard deviation is the sample’s, of n − 1', () => {
  expect(meanAndSd([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, mean: 5, sd: Math.sqrt(32 / 7) })
})

test('one value has a mean and no deviation', () => {
  expect(meanAndSd([8.75])).toEqual({ n: 1, mean: 8.75, sd: null })
})

test('runs that differ in their seed only are one group, others are not', () => {
  const shorter = { ...run(4, 900), steps: 32_000 }
  const groups = groupBySeed([run(1, 850), run(1, 1300, plain), run(2, 870), run(2, 1500, plain), shorter])
  expect(groups.map(({ runs }) => runs.map(({ config: { seed } }) => seed))).toEqual([[1, 2], [1, 2], [4]])
  expect(groups.map(({ errorPercent }) => errorPercent.mean)).toEqual([8.6, 14, 9])
})

test('a run that is given twice is found by its seed', () => {
  const [group] = groupBySeed([run(1, 850), run(2, 870), run(1, 850)])
  expect(group && repeatedSeed(group)?.map(({ name }) => name)).toEqual(['run-1', 'run-1'])
  const [other] = groupBySeed([run(1, 850), run(2, 870)])
  expect(other && repeatedSeed(other)).toBeNull()
})

test('the table says what each group is, its conditions, and its error', () => {
  const groups = groupBySeed([run(1, 850), run(2, 870), run(1, 1300, plain)])
  expect(summaryTable(groups).split('\n')).toEqual([
    '| Run | Test set | Steps | Error, % | n | Seeds |',
    '| :-- | --: | --: | --: | --: | --: |',
    `| ${preset.id} | CIFAR-10, 10000 images | 64000 | 8.600 ± 0.141 | 2 | 1, 2 |`,
    `| ${preset.id}, ${networkInWords(plain.network)} | CIFAR-10, 10000 images | 64000 | 13.000 | 1 | 1 |`,
    '',
  ])
})
