import { expect, test } from 'vitest'
import { depthSweeps } from './depth-sweep.ts'
import { comparedRun } from '../testing/runs/compared-runs.ts'

test('a sweep is one family by depth, each point a mean over seeds after the epoch that all have', () => {
  const [sweep, ...others] = depthSweeps([
    comparedRun({ seed: 1, blocks: 5, accuracies: [50, 62], identity: false }),
    comparedRun({ seed: 1, blocks: 3, accuracies: [60, 70, 99] }),
    comparedRun({ seed: 2, blocks: 3, accuracies: [60, 74] }),
    comparedRun({ seed: 1, blocks: 5, accuracies: [60, 80] }),
    comparedRun({ seed: 9, blocks: 9, accuracies: [] }),
    // Another family, of one depth.
    comparedRun({ seed: 1, blocks: 7, accuracies: [60, 80], changed: { batchSize: 64 } }),
  ])
  expect(others).toEqual([])
  expect(sweep?.epoch).toBe(2)
  expect(sweep?.points).toEqual([
    { depth: 20, identity: true, accuracy: { n: 2, mean: 72, sd: expect.closeTo(Math.sqrt(8), 10) } },
    { depth: 32, identity: true, accuracy: { n: 1, mean: 80, sd: null } },
    { depth: 32, identity: false, accuracy: { n: 1, mean: 62, sd: null } },
  ])
})

test('a seed again with fewer epochs does not shorten the others', () => {
  const [sweep] = depthSweeps([
    comparedRun({ seed: 1, blocks: 3, accuracies: [60] }),
    comparedRun({ seed: 1, blocks: 3, accuracies: [60, 70] }),
    comparedRun({ seed: 1, blocks: 5, accuracies: [60, 80] }),
  ])
  expect(sweep?.epoch).toBe(2)
  expect(sweep?.points.map(({ accuracy }) => accuracy)).toEqual([
    { n: 1, mean: 70, sd: null },
    { n: 1, mean: 80, sd: null },
  ])
})

test('one depth, with and without identity, is no sweep', () => {
  const runs = [true, false].map((identity) => comparedRun({ seed: 1, accuracies: [50], identity }))
  expect(depthSweeps(runs)).toEqual([])
})

test('a depth that hurts without identity and helps with it is told from chance', () => {
  const runs = [3, 5, 9].flatMap((blocks) =>
    [1, 2].flatMap((seed) => [
      comparedRun({ seed, blocks, accuracies: [70 + blocks + seed / 10] }),
      comparedRun({ seed, blocks, accuracies: [70 - blocks - seed / 10], identity: false }),
    ]),
  )
  const [sweep] = depthSweeps(runs)
  expect(sweep?.slopes).toMatchObject({ degrees: 8 })
  expect(sweep?.slopes?.with.slope).toBeGreaterThan(0)
  expect(sweep?.slopes?.without.slope).toBeLessThan(0)
  expect(sweep?.slopes?.difference.p).toBeLessThan(0.0001)
})
