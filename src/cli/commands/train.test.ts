// The command line: trains, exports, evaluates what it exported, and the published weights where they are.
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { featureGridSchema } from '../../contract/feature-grid.ts'
import { evaluationSchema } from '../../contract/evaluation.ts'
import { BUILTIN_CLASS_NAMES } from '../../data/builtin-set.ts'
import { classScoresTable, confusionTable } from '../../runs/evaluation-tables.ts'
import { readEvents } from '../../testing/transfer/read-events.ts'
import { lastLine, runLab } from '../../testing/node/run-lab.ts'
import { runLabHere } from '../../testing/node/run-lab-here.ts'

const PRESET = ['--preset', 'akamaster-20'] as const
/** Two threads, so that what is shared between threads is tested on any machine. */
const ON_CPU = ['--engine', 'cpu', '--threads', '2'] as const
const TINY = [...PRESET, '--n', '1', '--width', '4', '--data', 'builtin', ...ON_CPU] as const
const MINUTE = 60_000

const trainedSchema = z.object({
  steps: z.int(),
  trainLoss: z.array(z.number()),
  testAccuracy: z.number(),
  seconds: z.number().positive(),
  imagesPerSecond: z.number().positive(),
  files: z.array(z.string()),
})

async function train(run: typeof runLab, ...words: readonly string[]) {
  const finished = await run('train', ...TINY, '--batch', '8', '--limit-test', '40', '--json', ...words)
  expect(finished.stderr).not.toContain('Error')
  expect(finished.code).toBe(0)
  return trainedSchema.parse(lastLine(finished))
}

test(
  'train takes the steps asked for, and evaluate gives its weights the score that training gave',
  { timeout: 3 * MINUTE },
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'lab-'))
    const trained = await train(runLab, '--steps', '6', '--out', out)
    expect(trained.steps).toBe(6)
    expect(trained.trainLoss).toHaveLength(6)
    const events = trained.files.at(-1) ?? ''
    expect(trained.files).toEqual([
      ...['weights.safetensors', 'metrics.json', 'steps.csv', 'epochs.csv', 'checkpoint.safetensors'].map(
        (name) => join(out, name),
      ),
      expect.stringContaining(join(out, 'events.out.tfevents.')),
    ])
    const told = readEvents(await readFile(events))
    const steps = told.filter(({ scalars }) => 'train/loss' in scalars)
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
    const epoch = told.find(({ scalars }) => 'test/accuracy' in scalars)
    expect(epoch?.step).toBe(6)
    expect(epoch?.scalars['test/accuracy']).toBe(Math.fround(trained.testAccuracy))

    const evaluate = ['evaluate', ...TINY, '--weights', join(out, 'weights.safetensors'), '--limit', '40']
    const evaluated = await runLabHere(...evaluate, '--json')
    expect(evaluated.code).toBe(0)
    const evaluation = evaluationSchema.parse(lastLine(evaluated))
    expect(evaluation.accuracy).toBe(trained.testAccuracy)

    const picture = join(out, 'features.png')
    const drawn = await runLabHere('features', '--run', out, '--out', picture, ...ON_CPU, '--json')
    const grid = featureGridSchema.parse(lastLine(drawn))
    expect([grid.images, grid.features.length]).toEqual([40, 16])
    const view = new DataView((await readFile(picture)).buffer)
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([640, 16 * 32])

    const printed = await runLabHere(...evaluate, '--markdown')
    expect(printed.stdout).toContain(classScoresTable(evaluation, BUILTIN_CLASS_NAMES))
    expect(printed.stdout).toContain(confusionTable(evaluation, BUILTIN_CLASS_NAMES).trimEnd())
  },
)

test('the same seed gives the same weights file, another seed another', { timeout: 4 * MINUTE }, async () => {
  const filesOf = async (seed: string, run: typeof runLab) => {
    const out = await mkdtemp(join(tmpdir(), 'lab-'))
    await train(run, '--steps', '3', '--seed', seed, '--out', out)
    return readFile(join(out, 'weights.safetensors'))
  }
  const first = await filesOf('1', runLab)
  const [again, other] = [await filesOf('1', runLabHere), await filesOf('2', runLabHere)]
  expect(first.equals(again)).toBe(true)
  expect(first.equals(other)).toBe(false)
})

test(
  'weights of another architecture are refused by the first tensor that differs',
  { timeout: 3 * MINUTE },
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'lab-'))
    await train(runLabHere, '--steps', '1', '--out', out)
    const { code, stderr } = await runLabHere(
      'evaluate',
      ...PRESET,
      ...ON_CPU,
      '--data',
      'builtin',
      '--weights',
      join(out, 'weights.safetensors'),
    )
    expect(code).toBe(1)
    expect(stderr).toContain('conv1.weight')
  },
)

// The published weights and the real test images, where the environment names them.
const data = process.env['CIFAR10_DIR']
const weights = process.env['AKAMASTER_WEIGHTS']
test.skipIf(!data || !weights)(
  'akamaster’s published ResNet-20 classes 915 ± 2 of the first 1,000 CIFAR-10 test images correctly (CIFAR10_DIR, AKAMASTER_WEIGHTS)',
  { timeout: 8 * MINUTE },
  async () => {
    const given = ['--weights', weights ?? '', '--data', data ?? '', '--limit', '1000', '--json']
    const finished = await runLab('evaluate', ...PRESET, ...ON_CPU, ...given)
    expect(finished.code).toBe(0)
    const { total, correct, loss } = evaluationSchema.parse(lastLine(finished))
    expect(total).toBe(1000)
    expect(Math.abs(correct - 915)).toBeLessThanOrEqual(2)
    expect(loss).toBeCloseTo(0.384205, 2)
  },
)
