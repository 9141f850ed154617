import { expect, test } from 'vitest'
import type { RunConfig } from '../../../config/run-config.ts'
import { heNetwork } from '../../../presets/he.ts'
import { BASE_COLUMNS, deltaText, settingColumns, settingText } from './run-columns.ts'
import { entryOf, RESNET_20, resultOf, rowsOf } from '../../../testing/ui/entries.ts'

const base = RESNET_20

function column(id: string) {
  const found = BASE_COLUMNS.find((other) => other.id === id)
  if (!found) throw new Error(`no column ${id}`)
  return found
}

const only = (...args: Parameters<typeof entryOf>) => {
  const [row] = rowsOf(entryOf(...args))
  if (!row) throw new Error('no row')
  return row
}

test('metrics are said with what they are of', () => {
  const row = only('a', { steps: 60 })
  const texts = Object.fromEntries(BASE_COLUMNS.map(({ id, text }) => [id, text(row)]))
  expect(texts).toMatchObject({
    state: 'finished',
    identity: 'A with',
    epochs: '1.5 of 2',
    steps: '60 of 80',
    last: '79.00',
    best: '80.00',
    images: '1,000 synthetic',
    loss: '0.2000',
    time: '0:01:00',
  })
  const untrained = only('b', { result: null, totalSteps: 0, stepsPerEpoch: 0, steps: 0 })
  expect(['epochs', 'steps', 'best', 'images'].map((id) => column(id).text(untrained))).toEqual([
    '–',
    '–',
    '–',
    '–',
  ])
})

test('a difference from the baseline is in percentage points, and only between metrics of the same images', () => {
  const baseline = only('a', { result: resultOf(0.8) })
  const best = (row: ReturnType<typeof only>) => deltaText(column('best'), row, baseline)
  expect(best(only('b', { result: resultOf(0.8125) }))).toBe('+1.25\u202fpp')
  expect(best(only('b', { result: resultOf(0.79) }))).toBe('−1.00\u202fpp')
  expect(deltaText(column('loss'), only('b', { result: resultOf(0.75) }), baseline)).toBe('+0.0500')
  expect(best(baseline)).toBeNull()
  expect(best(only('b', { result: null }))).toBeNull()
  expect(best(only('b', { result: { ...resultOf(0.9), testImages: 200 } }))).toBeNull()
  expect(best(only('b', { config: { ...base, data: { ...base.data, set: 'cifar10' } } }))).toBeNull()
  expect(deltaText(column('time'), only('b', { seconds: 9 }), baseline)).toBeNull()
})

test('settings have columns where the runs differ in them, and where no other column says it', () => {
  const cosine = base
  const step: RunConfig = {
    ...base,
    seed: 2,
    budget: { unit: 'epoch', amount: 7 },
    network: heNetwork({ n: 1, identity: false }),
    schedule: { kind: 'step', unit: 'epoch', milestones: [100, 150], factor: 0.1 },
    warmup: null,
  }
  expect(settingColumns([base, base])).toEqual([])
  const columns = settingColumns([cosine, step])
  const [a, b] = [only('a', { config: cosine }), only('b', { config: step })]
  expect(columns.map(({ heading, text }) => [heading, text(a), text(b)])).toEqual([
    ['Network', 'ResNet-20, 16 channels', 'ResNet-8, 16 channels'],
    ['Schedule', 'cosine', 'step'],
    ['Schedule unit', 'iteration', 'epoch'],
    ['Warm-up, kind', 'linear', '–'],
    ['Warm-up unit', 'iteration', '–'],
    ['Warm-up, length', '40', '–'],
    ['Milestones', '–', '100, 150'],
    ['Factor', '–', '0.1'],
  ])
})

test('values are said in words', () => {
  expect(settingText('data.limitTrain', null)).toBe('all')
  expect(settingText('whitening', null)).toBe('none')
  expect(settingText('augmentation.flip', true)).toBe('yes')
  expect(settingText('data.set', 'cifar10')).toBe('CIFAR-10')
})
