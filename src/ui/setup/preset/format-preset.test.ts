import { expect, test } from 'vitest'
import type { RunConfig } from '../../../config/run-config.ts'
import { findPreset, systemOf } from '../../../presets/presets.ts'
import type { OwnResult } from '../../../presets/own-results.ts'
import type { RunResult } from '../../../runs/run-result.ts'
import { dataNote, labRows } from './format-preset.ts'

function presetConfig(id: string): RunConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  return preset.config
}
function systemWith(id: string) {
  const system = systemOf(id)
  if (!system) throw new Error(`no system has ${id}`)
  return system
}
const resultOf = (config: RunConfig, part: Partial<RunResult> = {}): RunResult => ({
  run: 'r',
  config,
  epochs: 2,
  steps: 4,
  last: 0.5,
  best: 0.625,
  testImages: 200,
  ...part,
})
const DRGRIPA1 = systemWith('drgripa1-20')
const CONFIG = presetConfig('drgripa1-20')
/** As a person reads it: a thin space is a space. */
const read = (text: string | undefined) => text?.replaceAll('\u202f', ' ')

test('results of the set-up’s own images need no note', () => {
  expect(dataNote(CONFIG, 'cifar10', true)).toBeNull()
})

test('results of other images are said to be so, with what to do about it', () => {
  expect(dataNote(CONFIG, 'builtin', false)).toBe(
    'The author’s results are on CIFAR-10, but the set-up trains on Built-in (synthetic). Get CIFAR-10 under Data, then reset to the preset.',
  )
  expect(dataNote(CONFIG, 'builtin', true)).toContain('Choose CIFAR-10 under Data')
})

test('a run as published is told from one with changes, and both say how long they were trained', () => {
  const changed = { ...CONFIG, batchSize: 64, seed: 9, data: { ...CONFIG.data, set: 'builtin' as const } }
  const [same, other] = labRows(DRGRIPA1, [], [resultOf(CONFIG), resultOf(changed)])
  expect(read(same?.cells[1])).toBe(
    'n = 1, this visit; 2 of 164 epochs of 50,000 images of CIFAR-10; tested on 200; best 62.50 %; seed 1; as published',
  )
  expect(read(same?.cells[0])).toBe('50.00 %')
  expect(other?.cells[1]).toMatch(/of Built-in \(synthetic\); .*; seed 9; changed: data set, batch size$/)
})

test('of many changes the first are named, the others counted', () => {
  const { data, network, augmentation } = CONFIG
  const changed: RunConfig = {
    ...CONFIG,
    data: { ...data, set: 'builtin', limitTrain: 32, limitTest: 40 },
    network: { ...network, stages: network.stages.slice(0, 2), convolutionBias: 'none' },
    augmentation: { ...augmentation, flip: false, cropPadding: 0 },
    labelSmoothing: 0.1,
  }
  expect(data.set).not.toBe('builtin')
  const [row] = labRows(DRGRIPA1, [], [resultOf(changed)])
  expect(row?.cells[1]).toMatch(
    /; changed: data set, training images, test images, \S.*, \S.*, \S.* and 2 more$/,
  )
})

test('a run without identity is a row of its own, and no change', () => {
  const plain = { ...CONFIG, network: { ...CONFIG.network, identity: false } }
  expect(labRows(DRGRIPA1, [], [resultOf(plain)])).toMatchObject([
    {
      presetId: 'drgripa1-20',
      identity: false,
      cells: ['50.00\u202f%', expect.stringMatching(/; as published$/)],
    },
  ])
})

test('runs of other systems, or of none, are not listed', () => {
  const others = [presetConfig('akamaster-20'), { ...CONFIG, preset: null }]
  expect(
    labRows(
      DRGRIPA1,
      [],
      others.map((config) => resultOf(config)),
    ),
  ).toEqual([])
})

test('results of the command line come with their n, spread, budget and conditions', () => {
  const own: OwnResult = {
    preset: 'drgripa1-20',
    identity: true,
    seeds: 3,
    budget: '10 epochs of 10,000 images',
    testAccuracy: { mean: 61.5, deviation: 0.25 },
    conditions: '2,000 test images',
  }
  const single: OwnResult = { ...own, seeds: 1, testAccuracy: { mean: 60, deviation: null } }
  expect(labRows(DRGRIPA1, [own, single, { ...own, preset: 'akamaster-20' }], [])).toMatchObject([
    { cells: ['61.50 ± 0.25 %', 'n = 3; 10 epochs of 10,000 images; 2,000 test images'] },
    { cells: ['60.00 %', expect.stringMatching(/^n = 1;/)] },
  ])
})
