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

test.each(['seed', '=1', 'a b=1'])('"%s" is no setting', (setting) => {
  expect(() => withFields('train', CONFIG, [setting])).toThrow('--set takes FIELD=VALUE')
})
