import { expect, test } from 'vitest'
import { aboutRuns } from './about-runs.ts'
import { comparedRun } from '../testing/runs/compared-runs.ts'

test('what runs share is said once, what they do not is listed', () => {
  const configs = [1, 2].flatMap((seed) =>
    [true, false].map((identity) => comparedRun({ seed, accuracies: [], identity }).config),
  )
  const [config] = configs
  expect(config && aboutRuns([config])).toMatch(/^ResNet-\d+, \d+ channels, on .*, batch \d+, seed 1$/)
  expect(aboutRuns(configs)).toMatch(/^ResNet-\d+, \d+ channels, on .*, seeds 1, 2$/)
  expect(aboutRuns([])).toBe('')
})
