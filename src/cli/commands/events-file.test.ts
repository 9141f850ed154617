import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { TrainEvent } from '../../contract/events.ts'
import { SMALL_CONFIG } from '../../testing/runs/small-config.ts'
import { readTensorBoard, TENSORBOARD } from '../../testing/transfer/read-tensorboard.ts'
import { eventsFile, eventsFileName } from '../../transfer/tfevents.ts'
import { createEventsFile } from './events-file.ts'

const config = SMALL_CONFIG
const AT = 1_700_000_000_000
const point = (step: number, loss: number) => ({ step, loss, accuracy: 0.25, learningRate: 0.5 })
const score = { loss: 1.5, accuracy: 0.625, correct: 5, total: 8, confusion: [], perClass: [] }
const report = (points: readonly ReturnType<typeof point>[]) =>
  ({ kind: 'steps', run: 'run', points: [...points] }) satisfies TrainEvent
const evaluated = (epoch: number, step: number) =>
  ({
    kind: 'epoch',
    run: 'run',
    epoch,
    step,
    at: AT,
    train: { loss: 1.25, accuracy: 0.5 },
    validation: null,
    test: score,
    answers: null,
  }) satisfies TrainEvent
const ended = (state: 'finished' | 'failed') =>
  ({
    kind: 'session',
    session: 'lab',
    state,
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs: [],
  }) satisfies TrainEvent

// TensorBoard comes from PyPI, and `npm run setup` says where it could not be had.
describe.skipIf(!existsSync(TENSORBOARD))('TensorBoard’s own reader', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'events-'))
  })

  test('reads every step and epoch, the config and the end of a run', () => {
    const file = createEventsFile(folder, { config, steps: 0, now: () => AT })
    file.hear(report([point(1, 2), point(2, 1)]))
    file.hear(evaluated(1, 2))
    file.hear(ended('finished'))
    const { scalars, hyperparameters, status } = readTensorBoard(folder)
    expect(scalars).toEqual({
      'train/loss': [
        [1, 2],
        [2, 1],
      ],
      'train/accuracy': [
        [1, 0.25],
        [2, 0.25],
      ],
      'train/learning_rate': [
        [1, 0.5],
        [2, 0.5],
      ],
      epoch: [[2, 1]],
      'train/epoch_loss': [[2, 1.25]],
      'train/epoch_accuracy': [[2, 0.5]],
      'test/loss': [[2, 1.5]],
      'test/accuracy': [[2, 0.625]],
    })
    expect(hyperparameters).toMatchObject({
      preset: 'none',
      'optimiser.kind': 'sgd',
      'optimiser.learningRate': 0.05,
      'network.identity': true,
      warmup: 'none',
      'network.stages': JSON.stringify(config.network.stages),
    })
    expect(status).toBe('STATUS_SUCCESS')
  })

  test('forgets the steps that a resumed run, or one whose device was lost, takes again', () => {
    const before = createEventsFile(folder, { config, steps: 0, now: () => AT })
    before.hear(report([point(1, 2), point(2, 9), point(3, 9)]))
    const after = createEventsFile(folder, { config, steps: 1, now: () => AT + 1000 })
    after.hear(report([point(2, 1), point(3, 9)]))
    after.hear({ kind: 'rewound', run: 'run', step: 2 })
    after.hear(report([point(3, 0.5)]))
    after.hear(ended('failed'))
    const { scalars, status } = readTensorBoard(folder)
    expect(scalars['train/loss']).toEqual([
      [1, 2],
      [2, 1],
      [3, 0.5],
    ])
    expect(status).toBe('STATUS_FAILURE')
  })

  test('reads what the page exports', async () => {
    const points = [point(1, 2), point(2, 1)]
    const { confusion: _confusion, perClass: _perClass, ...test_ } = score
    const epochs = [
      { epoch: 1, step: 2, train: { loss: 1.25, accuracy: 0.5 }, validation: test_, test: test_ },
    ]
    await writeFile(
      join(folder, eventsFileName(AT, 'a')),
      eventsFile({ run: 'a', config, points, epochs }, AT),
    )
    const { scalars, hyperparameters } = readTensorBoard(folder)
    expect(Object.keys(scalars)).toContain('validation/accuracy')
    expect(scalars['train/loss']).toHaveLength(2)
    expect(hyperparameters['seed']).toBe(config.seed)
  })
})
