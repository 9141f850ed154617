import { expect, test } from 'vitest'
import { OPTIMISER_DEFAULTS } from '../contract/optimiser-defaults.ts'
import { findPreset } from '../network/presets.ts'
import { defaultSetup } from './default-setup.ts'
import { presetSetup, tidySetup } from './setup.ts'

const setup = defaultSetup(null)

test('without momentum there is no Nesterov', () => {
  const nesterovAt = (momentum: number) => {
    const optimiser = { ...OPTIMISER_DEFAULTS.sgd, momentum, nesterov: true }
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

test('a limit that leaves no image out is no limit', () => {
  const limited = { ...setup, data: { set: 'builtin' as const, limitTrain: 5_000, limitTest: 999 } }
  expect(tidySetup(limited).data).toEqual({ set: 'builtin', limitTrain: null, limitTest: 999 })
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
