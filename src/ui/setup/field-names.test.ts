import { expect, test } from 'vitest'
import { PRESETS } from '../../presets/presets.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { fieldNames } from './field-names.ts'

test('fields are called as the page calls them, and an unknown one by its path', () => {
  expect(fieldNames(['optimiser.learningRate', 'batchSize', 'some.thing'])).toEqual([
    'learning rate',
    'batch size',
    'some.thing',
  ])
})

test('what became another kind is one change, and so is what was not there before', () => {
  const paths = ['schedule.kind', 'schedule.milestones', 'warmup', 'warmup.kind', 'warmup.length']
  expect(fieldNames(paths)).toEqual(['schedule', 'warm-up'])
})

test('a part of what is still of its kind is named', () => {
  expect(fieldNames(['schedule.milestones'])).toEqual(['milestones'])
})

test('every field in which two presets differ has a name that a person reads', () => {
  const [first, ...others] = PRESETS.map(({ config }) => config)
  if (!first) throw new Error('there is no preset')
  const paths = new Set(others.flatMap((other) => configDifferences(first, other).map(({ path }) => path)))
  expect(paths.size).toBeGreaterThan(15)
  expect([...paths].flatMap((path) => fieldNames([path])).filter((name) => name.includes('.'))).toEqual([])
})
