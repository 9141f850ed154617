import { expect, test } from 'vitest'
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
