// Runs that are interrupted and resumed, by the command line.
import { copyFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readCheckpoint } from '../transfer/checkpoint-file.ts'
import { runLab, startLab } from '../testing/node/run-lab.ts'
import { runLabHere } from '../testing/node/run-lab-here.ts'

const MINUTE = 60_000
const ON_CPU = ['--engine', 'cpu'] as const
/** Epochs of 15 steps. */
const SMALL = ['--preset', 'akamaster-20', '--n', '1', '--width', '4', '--data', 'builtin', '--batch', '8']
const TINY = [...SMALL, ...ON_CPU]
const FEW = ['--limit-train', '116', '--limit-test', '40']

const folder = () => mkdtemp(join(tmpdir(), 'lab-'))
const weightsIn = (out: string) => readFile(join(out, 'weights.safetensors'))

async function checkpointIn(out: string) {
  const path = join(out, 'checkpoint.safetensors')
  return readCheckpoint(await readFile(path), path)
}

async function lab(...words: readonly string[]) {
  const finished = await runLabHere('train', ...words)
  expect(finished).toMatchObject({ code: 0 })
  return finished
}

async function labAsProcess(...words: readonly string[]) {
  const finished = await runLab('train', ...words)
  expect(finished).toMatchObject({ code: 0 })
  return finished
}

afterEach(() => vi.unstubAllEnvs())

describe('a run of 25 steps', () => {
  let out: string
  beforeAll(async () => {
    out = await folder()
    await lab(...TINY, ...FEW, '--steps', '25', '--out', out)
  }, 2 * MINUTE)

  test('resumed to 50 has the weights file of a run of 50', { timeout: 3 * MINUTE }, async () => {
    const [resumed, straight] = [await folder(), await folder()]
    const finished = await labAsProcess('--resume', out, '--steps', '50', '--out', resumed, ...ON_CPU)
    expect(finished.stderr).toContain('from the checkpoint of step 25')
    expect(finished.stdout).toContain('50 steps')
    const [memory, firstStep] = [/^Memory: [\d.]+ MiB \(parameters /m, /^step \d+ of 50/m].map((line) =>
      finished.stderr.search(line),
    )
    expect(memory).toBeGreaterThan(0)
    expect(firstStep).toBeGreaterThan(memory ?? Infinity)
    await lab(...TINY, ...FEW, '--steps', '50', '--out', straight)
    expect((await weightsIn(resumed)).equals(await weightsIn(straight))).toBe(true)
    expect(await checkpointIn(resumed)).toEqual(await checkpointIn(straight))
    expect(await readdir(resumed)).toEqual([
      'checkpoint.safetensors',
      'epochs.csv',
      expect.stringMatching(/^events\.out\.tfevents\.\d+\.residual-lab$/),
      'metrics.json',
      'steps.csv',
      'weights.safetensors',
    ])
    const lines = (await readFile(join(resumed, 'steps.csv'), 'utf8')).trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 50)
  })

  test('is not resumed to fewer steps, nor with a setting that its checkpoint decides', async () => {
    const fewer = await runLabHere('train', '--resume', out, '--steps', '25')
    expect(fewer).toMatchObject({ code: 2, stderr: expect.stringContaining('at step 25 already') })
    const other = await runLabHere('train', '--resume', out, '--steps', '50', '--batch', '4')
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--resume takes batch from') })
  })

  test('whose checkpoint was cut off is refused in one sentence', async () => {
    const broken = await folder()
    const path = join(broken, 'checkpoint.safetensors')
    await copyFile(join(out, 'checkpoint.safetensors'), path)
    await writeFile(path, (await readFile(path)).subarray(0, -100))
    const { code, stderr } = await runLabHere('train', '--resume', broken, '--steps', '50')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^lab: .*checkpoint\.safetensors is not a whole checkpoint: .*\n$/)
  })
})

test('a folder without a checkpoint is refused in one sentence', async () => {
  const empty = await folder()
  const { code, stderr } = await runLabHere('train', '--resume', empty)
  expect(code).toBe(1)
  expect(stderr.trim()).toBe(
    `lab: ${join(empty, 'checkpoint.safetensors')} cannot be read; name a folder that \`lab train --out\` has written.`,
  )
})

test('a run that Ctrl-C ends is resumed to the same weights file', { timeout: 4 * MINUTE }, async () => {
  const [interrupted, straight] = [await folder(), await folder()]
  // More epochs than any machine is through with before it is interrupted.
  const running = startLab('train', ...TINY, ...FEW, '--epochs', '1000000', '--out', interrupted)
  await running.said('Epoch 1: ')
  running.interrupt()
  const { code, stdout } = await running.finished
  expect(code).toBe(130)
  expect(stdout).toMatch(/^stopped at step \d+ of 15000000; continue with `lab train --resume .*`\n$/)
  const { steps } = (await checkpointIn(interrupted)).state
  expect(stdout).toContain(`stopped at step ${steps} of`)
  expect(steps).toBeGreaterThanOrEqual(15)
  const budget = ['--steps', String(steps + 20)]
  await lab('--resume', interrupted, ...budget, ...ON_CPU)
  await lab(...TINY, ...FEW, ...budget, '--out', straight)
  expect((await weightsIn(interrupted)).equals(await weightsIn(straight))).toBe(true)
})

test(
  'the engine in JavaScript resumes to the same weights file as well',
  { timeout: 4 * MINUTE },
  async () => {
    // Without an adapter it computes in JavaScript, on any machine.
    vi.stubEnv('VK_DRIVER_FILES', '/no/such/driver.json')
    const [resumed, straight] = [await folder(), await folder()]
    const tiny = [...SMALL, '--limit-train', '20', '--limit-test', '8', '--engine', 'tfjs']
    await labAsProcess(...tiny, '--steps', '2', '--out', resumed)
    await labAsProcess('--resume', resumed, '--steps', '4', '--engine', 'tfjs')
    await labAsProcess(...tiny, '--steps', '4', '--out', straight)
    expect((await weightsIn(resumed)).equals(await weightsIn(straight))).toBe(true)
  },
)

// Reads the whole file of a split each time: the digest is of all of it.
const cifar100 = process.env['CIFAR100_DIR']
test.skipIf(!cifar100).each([['zhenye-na'], ['mbsariyildiz-10-cifar100']])(
  '%s trains on the real CIFAR-100, and resumes to the same weights file (CIFAR100_DIR)',
  { timeout: 4 * MINUTE },
  async (preset) => {
    const [resumed, straight] = [await folder(), await folder()]
    const data = ['--data', cifar100 ?? '', '--limit-train', '48', '--limit-test', '200']
    const narrow = ['--preset', preset, '--width', '2', '--batch', '16', ...data, ...ON_CPU]
    await lab(...narrow, '--steps', '2', '--out', resumed)
    await lab('--resume', resumed, '--steps', '4', '--data', cifar100 ?? '', ...ON_CPU)
    const { stdout } = await lab(...narrow, '--steps', '4', '--out', straight)
    expect((await weightsIn(resumed)).equals(await weightsIn(straight))).toBe(true)
    expect(await checkpointIn(resumed)).toEqual(await checkpointIn(straight))
    expect(stdout).toMatch(/[\d.]+ % of 200 test images \([\d.]+ % on coarse classes\)/)
  },
)
