import { expect, test } from 'vitest'
import { groupsOverSeeds, oncePerSeed, pairsBySeed } from './run-groups.ts'
import { comparedRun } from '../testing/runs/compared-runs.ts'

const names = (runs: readonly { readonly run: string }[]) => runs.map(({ run }) => run)

test('runs that differ in their seeds only are one group, however long each was trained', () => {
  const groups = groupsOverSeeds([
    comparedRun({ seed: 1, accuracies: [50, 60] }),
    comparedRun({ seed: 1, accuracies: [40], identity: false }),
    comparedRun({ seed: 2, accuracies: [55] }),
    comparedRun({ seed: 3, accuracies: [55], changed: { batchSize: 64 } }),
  ])
  expect(groups.map(names)).toEqual([['a-3-1', 'a-3-2'], ['b-3-1'], ['a-3-3']])
})

test('runs of two groups are paired by their seeds; those without a counterpart are in no pair', () => {
  const first = [3, 1, 2].map((seed) => comparedRun({ seed, accuracies: [50] }))
  const second = [1, 4, 3].map((seed) => comparedRun({ seed, accuracies: [40], identity: false }))
  expect(pairsBySeed(first, second).map(names)).toEqual([
    ['a-3-3', 'b-3-3'],
    ['a-3-1', 'b-3-1'],
  ])
})

test('of runs with one seed the longest is counted, and none twice', () => {
  const runs = [2, 1, 2].map((seed, i) => comparedRun({ seed, accuracies: Array(i + 1).fill(50) }))
  const counted = oncePerSeed(runs)
  expect(counted.map(({ config, epochs }) => [config.seed, epochs.length])).toEqual([
    [2, 3],
    [1, 2],
  ])
})
