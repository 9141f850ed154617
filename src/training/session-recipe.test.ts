// What a recipe changes of the loop: rates that follow the results, images set aside, an evaluation before training.
import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../config/run-config.ts'
import type { Checkpoint } from './checkpoint.ts'
import {
  begin,
  CONFIG,
  isIn,
  lastKept,
  stoppedAfter,
  useSessions,
  WITHOUT,
} from '../testing/node/test-sessions.ts'

useSessions()

async function finished(configs: readonly RunConfig[], from: readonly Checkpoint[] = []) {
  const lab = begin(configs, { from })
  await lab.until(isIn(lab, 'finished'))
  await lab.session.dispose()
  return lab
}

describe('a plateau', () => {
  /** A metric that must nearly double: the rate falls after every epoch but the first. */
  const FALLING: RunConfig = {
    ...CONFIG,
    schedule: {
      kind: 'plateau',
      watches: 'accuracy',
      factor: 0.1,
      patience: 0,
      threshold: 1,
      cooldown: 0,
      minRate: 0,
    },
    data: { ...CONFIG.data, limitTest: 10 },
    budget: { unit: 'epoch', amount: 4 },
  }
  const STEADY: RunConfig = { ...FALLING, network: WITHOUT.network, schedule: { kind: 'constant' } }

  test('lowers the rate of its own run after the epoch that was no better', async () => {
    const lab = await finished([FALLING, STEADY])
    const rates = lab.steps('run-0').map(({ learningRate }) => Number(learningRate.toPrecision(6)))
    expect(rates).toEqual([0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.0005, 0.0005, 0.0005])
    expect(new Set(lab.steps('run-1').map(({ learningRate }) => learningRate))).toEqual(new Set([0.05]))
  })

  test.each([5, 7])('is resumed from step %i to the same bits through its falls', async (steps) => {
    const straight = await finished([FALLING, STEADY])
    const from = await stoppedAfter([FALLING, STEADY], steps)
    const resumed = await finished([FALLING, STEADY], from)
    expect(lastKept(resumed)).toEqual(lastKept(straight))
  })
})

describe('a warm-up until the training error is low', () => {
  /** Every error is below 1 where one of 100 batches was classed right. */
  const config: RunConfig = {
    ...CONFIG,
    data: { ...CONFIG.data, limitTrain: 4, limitTest: 1 },
    warmup: { kind: 'until-training-error', rate: 1e-3, error: 1 },
    budget: { unit: 'iteration', amount: 104 },
    batchSize: 1,
  }

  test('ends with the 100th step, however late its metrics are read, and resumes to the same bits', async () => {
    const straight = await finished([config])
    const rates = straight.steps('run-0').map(({ learningRate }) => learningRate)
    expect(rates).toEqual([...Array<number>(100).fill(1e-3), 0.05, 0.05, 0.05, 0.05])
    const short = await finished([{ ...config, budget: { unit: 'iteration', amount: 102 } }])
    const resumed = await finished([config], lastKept(short))
    expect(lastKept(resumed)).toEqual(lastKept(straight))
  })
})

describe('images set aside', () => {
  const config: RunConfig = { ...CONFIG, data: { ...CONFIG.data, validation: { images: 4 } } }

  test('are evaluated each epoch like the test images, and shorten the epoch', async () => {
    const lab = await finished([config, { ...config, network: WITHOUT.network }])
    expect(lab.steps('run-0')).toHaveLength(4)
    const epochs = lab
      .eventsOf('epoch')
      .map(({ run, step, validation, test: { total } }) => [run, step, validation?.total, total])
    expect(epochs).toEqual([
      ['run-0', 2, 4, 6],
      ['run-1', 2, 4, 6],
      ['run-0', 4, 4, 6],
      ['run-1', 4, 4, 6],
    ])
    const [first] = lastKept(lab)
    expect(first?.epochs[1]?.validation).toMatchObject({
      total: 4,
      loss: lab.eventsOf('epoch')[2]?.validation?.loss,
    })
    const evaluated = lab.eventsOf('progress').flatMap(({ progress }) => progress.evaluated ?? [])
    expect(evaluated.map(({ images }) => images).slice(0, 4)).toEqual([0, 4, 10, 14])
    expect(new Set(evaluated.map(({ total }) => total))).toEqual(new Set([20]))
    const lines = lab.eventsOf('log').map(({ text }) => text)
    expect(lines[0]).toContain('8 training, 4 validation and 6 test images')
    expect(lines).toContainEqual(expect.stringMatching(/^Validation loss .*, accuracy /))
  })

  test('must be the same of both runs of a pair', async () => {
    const lab = begin([config, CONFIG])
    await lab.until(isIn(lab, 'failed'))
    expect(lab.eventsOf('session').at(-1)?.failure?.message).toContain('data setting')
  })
})

describe('an evaluation before training', () => {
  const config: RunConfig = { ...CONFIG, evaluateFirst: true, budget: { unit: 'epoch', amount: 1 } }

  test('is epoch 0, without training metrics, and changes nothing that follows', async () => {
    const lab = await finished([config, { ...config, network: WITHOUT.network }])
    const ofFirst = lab.eventsOf('epoch').filter(({ run }) => run === 'run-0')
    expect(ofFirst.map(({ epoch, step, train }) => [epoch, step, train === null])).toEqual([
      [0, 0, true],
      [1, 3, false],
    ])
    expect(lab.eventsOf('log').map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Before training: test loss /),
    )
    const without = await finished([{ ...config, evaluateFirst: false }])
    expect(lab.steps('run-0')).toEqual(without.steps('run-0'))
    expect(lastKept(lab)[0]?.state).toEqual(lastKept(without)[0]?.state)
  })

  test('is not made again where a run goes on from its metrics', async () => {
    const lab = begin([config], { paused: true })
    await lab.until(() => lab.eventsOf('epoch').length === 1 || isIn(lab, 'paused')())
    await lab.session.dispose()
    const paused = await stoppedAfter([config], 1)
    expect(paused[0]?.epochs.map(({ epoch }) => epoch)).toEqual([0])
    const resumed = await finished([config], paused)
    expect(resumed.eventsOf('epoch').map(({ epoch }) => epoch)).toEqual([1])
  })
})
