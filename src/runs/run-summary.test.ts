import { cellText } from './results-table.ts'
import { expect, test } from 'vitest'
import type { RunConfig } from '../config/run-config.ts'
import { formatNetwork } from '../network/format-network.ts'
import { PRESETS } from '../presets/presets.ts'
import {
  type EvaluatedRun,
  groupBySeed,
  identityEffects,
  identityEffectText,
  repeatedSeed,
  summaryTable,
} from './run-summary.ts'

const [preset] = PRESETS
if (!preset) throw new Error('there is no preset')
const { config } = preset

function run(seed: number, wrong: number, changed: Partial<RunConfig> = {}, steps = 64_000): EvaluatedRun {
  return {
    name: `run-${seed}`,
    config: { ...config, ...changed, seed },
    steps,
    test: { correct: 10_000 - wrong, total: 10_000 },
  }
}
const plain = { network: { ...config.network, identity: false } }

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
  expect(summaryTable(groups)).toEqual({
    caption: 'Test error as mean ± sd over seeds.',
    columns: ['Run', 'Test set', 'Steps', 'Error, %', 'n', 'Seeds'],
    rows: [
      [
        preset.id,
        'CIFAR-10, 10000 images',
        '64000',
        { mean: expect.closeTo(8.6, 6), sd: expect.closeTo(0.1414, 4), n: 2, digits: 3 },
        '2',
        '1, 2',
      ],
      [
        `${preset.id}, ${formatNetwork(plain.network)}`,
        'CIFAR-10, 10000 images',
        '64000',
        { mean: 13, sd: null, n: 1, digits: 3 },
        '1',
        '1',
      ],
    ],
  })
})

test('a number over seeds is written as mean ± sd, and of one seed without', () => {
  expect(cellText({ mean: 8.6, sd: 0.14142, n: 2, digits: 3 })).toBe('8.600 ± 0.141')
  expect(cellText({ mean: 13, sd: null, n: 1, digits: 3 })).toBe('13.000')
  expect(cellText('CIFAR-10')).toBe('CIFAR-10')
})

const three = (wrong: readonly [number, number, number], changed: Partial<RunConfig> = {}, steps?: number) =>
  wrong.map((images, i) => run(i + 1, images, changed, steps))
const textsOf = (runs: readonly EvaluatedRun[]) => identityEffects(groupBySeed(runs)).map(identityEffectText)

test('what identity is worth is one sentence with its interval, p, effect size and n', () => {
  // scipy's numbers for these errors are the second case of fixtures/welch.json.
  expect(textsOf([...three([1300, 1510, 1220], plain), ...three([850, 870, 875])])).toEqual([
    `${preset.id}: without identity mappings the error is 4.783 percentage points higher (95 % interval of the change ` +
      '1.103 to 8.464; Welch’s t over seeds, p = 0.0303; Hedges’ g 3.59; n = 3 with, 3 without).',
  ])
})

test('a difference that seeds may have made is said to be none', () => {
  expect(textsOf([...three([850, 870, 890]), ...three([820, 870, 885], plain)])).toEqual([
    expect.stringMatching(/0\.117 percentage points lower .* p = 0\.6\d{3}, not significant at 5 %/),
  ])
})

test('two seeds, other lengths and other settings are not compared', () => {
  const identity = three([850, 870, 875])
  expect(textsOf([...identity, run(1, 1300, plain), run(2, 1500, plain)])).toEqual([])
  const shorter = three([1300, 1510, 1220], plain, 32_000)
  expect(textsOf([...identity, ...shorter])).toEqual([])
  expect(textsOf([...identity, ...three([1300, 1510, 1220], { ...plain, batchSize: 64 })])).toEqual([])
})
