import { expect, test } from 'vitest'
import { withFields } from './set-fields.ts'

const CONFIG = { seed: 1, data: { set: 'builtin', validation: null }, warmup: null }

test('a field is set by its path, to JSON or else to a text; the others stay', () => {
  expect(withFields('train', CONFIG, ['seed=7', 'data.set=cifar10'])).toEqual({
    ...CONFIG,
    seed: 7,
    data: { set: 'cifar10', validation: null },
  })
})

test('a field within what was null makes it an object, and a whole object is set as JSON', () => {
  expect(
    withFields('train', CONFIG, [
      'data.validation.images=50',
      'warmup={"kind":"linear","unit":"epoch","length":5}',
    ]),
  ).toEqual({
    seed: 1,
    data: { set: 'builtin', validation: { images: 50 } },
    warmup: { kind: 'linear', unit: 'epoch', length: 5 },
  })
})

test('the config that was given stays as it is, and without settings comes back', () => {
  withFields('train', CONFIG, ['data.set=cifar10'])
  expect(CONFIG.data.set).toBe('builtin')
  expect(withFields('train', CONFIG, undefined)).toEqual(CONFIG)
})

test.each([
  ['seed=0,001', 0.001],
  ['seed=1·10⁻³', 0.001],
  ['seed=50,000', 50_000],
  ['seed=.5', 0.5],
  ['seed=1\u202f234,5', 1234.5],
])('a number is read as people type it: %s', (setting, seed) => {
  const config = { ...CONFIG, seed: setting === 'seed=50,000' ? 1 : 0.1 }
  expect(withFields('train', config, [setting])).toEqual({ ...CONFIG, seed })
})

test('commas in the place of a list separate its numbers', () => {
  const config = { milestones: [100, 150], mean: [0.49, 0.48, 0.45] }
  expect(withFields('train', config, ['milestones=1,2,3', 'mean=0,5; 0,4; 0,3'])).toEqual({
    milestones: [1, 2, 3],
    mean: [0.5, 0.4, 0.3],
  })
})

test('what can be two numbers is refused', () => {
  expect(() => withFields('train', { factor: 0.1 }, ['factor=1,000'])).toThrow(
    'train: --set factor: “1,000” can be 1 or 1000. Enter the one you mean.',
  )
})

test.each(['seed', '=1', 'a b=1'])('"%s" is no setting', (setting) => {
  expect(() => withFields('train', CONFIG, [setting])).toThrow('--set takes FIELD=VALUE')
})
