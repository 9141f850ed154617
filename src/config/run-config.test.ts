import { describe, expect, test } from 'vitest'
import { PRESETS } from '../presets/presets.ts'
import { AppError } from '../base/app-error.ts'
import { parseRunConfig } from './run-config.ts'

const valid = PRESETS[0]?.config

function failureOf(value: unknown): AppError {
  try {
    parseRunConfig(value, 'the link')
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was accepted')
}

test('augmentation without rotation and crop range is that of before there were any', () => {
  const older = { ...valid, augmentation: { cropPadding: 4, flip: true } }
  expect(parseRunConfig(older, 'a preset')).toEqual(valid)
})

test('a normalisation that names no kind is that of channels', () => {
  if (valid?.normalisation.kind !== 'channels') throw new Error('the first preset normalises otherwise')
  const { mean, std } = valid.normalisation
  expect(parseRunConfig({ ...valid, normalisation: { mean, std } }, 'a file')).toEqual(valid)
})

test('every preset’s config is valid, and survives JSON', () => {
  for (const { config } of PRESETS) {
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)), 'a preset')).toEqual(config)
  }
})

describe('an invalid config is refused in one sentence that names the place', () => {
  test.each([
    [
      'a width of 0',
      { ...valid, network: { ...valid?.network, stem: { channels: 0, dropout: 0 } } },
      'network.stem.channels',
    ],
    [
      'half a block',
      { ...valid, network: { ...valid?.network, stages: [{ blocks: 1.5, channels: 16 }] } },
      'network.stages.0.blocks',
    ],
    ['a text for a number', { ...valid, batchSize: '128' }, 'batchSize'],
    ['an unknown data set', { ...valid, data: { ...valid?.data, set: 'imagenet' } }, 'data.set'],
    ['a field that we do not know', { ...valid, extra: 1 }, 'extra'],
    [
      'a rate that is not a number',
      { ...valid, optimiser: { ...valid?.optimiser, learningRate: Number.NaN } },
      'learningRate',
    ],
    [
      'Nesterov without momentum',
      { ...valid, optimiser: { ...valid?.optimiser, momentum: 0, nesterov: true } },
      'nesterov',
    ],
    [
      'milestones in disorder',
      { ...valid, schedule: { ...valid?.schedule, milestones: [150, 100] } },
      'milestones',
    ],
    [
      'more images to set aside than there are',
      { ...valid, data: { ...valid?.data, limitTrain: 500, validation: { images: 500 } } },
      'data.validation.images',
    ],
    [
      'a standard deviation of 0',
      { ...valid, normalisation: { kind: 'channels', mean: [0, 0, 0], std: [1, 0, 1] } },
      'normalisation.std.1',
    ],
    ['another version', { ...valid, version: 4 }, 'version'],
    ['not an object', 'resnet', 'the whole'],
  ])('%s', (_, value, place) => {
    const failure = failureOf(value)
    expect(failure.code).toBe('config-invalid')
    expect(failure.message).toContain('the link')
    expect(failure.message).toContain(place)
    expect(failure.message.split('\n')).toHaveLength(1)
  })
})
