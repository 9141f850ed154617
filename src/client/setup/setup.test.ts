import { expect, test } from 'vitest'
import { sgd } from '../../optimisers/sgd.ts'
import { findPreset } from '../../presets/presets.ts'
import { defaultSetup } from './default-setup.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import { followDataSet, presetSetup, tidySetup } from './setup.ts'

const setup = defaultSetup(null)

test('without momentum there is no Nesterov', () => {
  const nesterovAt = (momentum: number) => {
    const optimiser = { ...sgd.defaults, momentum, nesterov: true }
    return tidySetup({ ...setup, optimiser }).optimiser
  }
  expect(nesterovAt(0.9)).toMatchObject({ momentum: 0.9, nesterov: true })
  expect(nesterovAt(0)).toMatchObject({ momentum: 0, nesterov: false })
})

test('the author’s whitening gives way to the textbook’s where each image’s mean is subtracted', () => {
  const author = { ...setup, whitening: { kind: 'author' as const } }
  expect(tidySetup(author).whitening).toEqual({ kind: 'author' })
  const impossible = { ...author, normalisation: { kind: 'image-mean' as const } }
  expect(tidySetup(impossible).whitening).toMatchObject({ kind: 'covariance' })
})

test('other images bring their own normalisation, unless it was chosen by hand', () => {
  const onto = (normalisation: typeof setup.normalisation) => {
    const before = { ...setup, normalisation }
    return followDataSet(before, { ...before, data: { ...before.data, set: 'cifar10' } }).normalisation
  }
  expect(onto(DATA_SETS.builtin.pixels)).toEqual(DATA_SETS.cifar10.pixels)
  const chosen = {
    kind: 'channels' as const,
    mean: [0.5, 0.5, 0.5] as const,
    std: [0.25, 0.25, 0.25] as const,
  }
  expect(onto({ ...chosen, mean: [...chosen.mean], std: [...chosen.std] })).toEqual(chosen)
  expect(onto({ kind: 'image-mean' })).toEqual({ kind: 'image-mean' })
})

test('a limit that leaves no image out is no limit', () => {
  const limited = {
    ...setup,
    data: { set: 'builtin' as const, limitTrain: 5_000, limitTest: 999, validation: null },
  }
  expect(tidySetup(limited).data).toEqual({
    set: 'builtin',
    limitTrain: null,
    limitTest: 999,
    validation: null,
  })
})

test('fewer training images than are to be set aside leave one to train on', () => {
  const data = { set: 'builtin' as const, limitTrain: 100, limitTest: null, validation: { images: 500 } }
  expect(tidySetup({ ...setup, data }).data.validation).toEqual({ images: 99 })
  expect(tidySetup({ ...setup, data: { ...data, limitTrain: 1 } }).data.validation).toBeNull()
})

test('a network whose running variance begins as 0 is not evaluated before training', () => {
  const { initialisation } = setup.network
  const evaluatedFrom = (runningVariance: 0 | 1) =>
    tidySetup({
      ...setup,
      evaluateFirst: true,
      network: { ...setup.network, initialisation: { ...initialisation, runningVariance } },
    }).evaluateFirst
  expect([evaluatedFrom(1), evaluatedFrom(0)]).toEqual([true, false])
})

test('a set-up made of the plain network stands for the same pair', () => {
  const plain = { ...setup, network: { ...setup.network, identity: false } }
  expect(tidySetup(plain)).toEqual(tidySetup(setup))
})

test('a preset keeps the images in use where its own are not in this browser', () => {
  const preset = findPreset('akamaster-20')?.config
  if (!preset) throw new Error('no such preset')
  expect(presetSetup(preset, setup, false).data).toEqual(setup.data)
  expect(presetSetup(preset, setup, true)).toEqual(preset)
})
