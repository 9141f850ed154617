// How the command line ends where it is told to, or where nobody reads it: as a process of its own, as in a shell.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readCheckpoint } from '../transfer/checkpoint-file.ts'
import { startLab } from '../testing/node/run-lab.ts'
import { runLabHere } from '../testing/node/run-lab-here.ts'

const MINUTE = 60_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ON_CPU = ['--engine', 'cpu', '--threads', '1'] as const
/** Epochs of two steps, more of them than any machine is through with before it is told to stop. */
const ENDLESS = [
  'train --preset akamaster-20 --n 1 --width 4 --data builtin --batch 8'.split(' '),
  '--limit-train 16 --limit-test 8 --epochs 1000000'.split(' '),
  ON_CPU,
].flat()

const newFolder = () => mkdtemp(join(tmpdir(), 'lab-'))

async function stepsSaved(out: string): Promise<number> {
  const path = join(out, 'checkpoint.safetensors')
  return readCheckpoint(await readFile(path), path).state.steps
}

/** The run was saved whole, and goes on. */
async function expectResumable(out: string): Promise<void> {
  const steps = await stepsSaved(out)
  expect(steps).toBeGreaterThan(0)
  expect((await readdir(out)).filter((name) => name.endsWith('.part'))).toEqual([])
  const resumed = await runLabHere('train', '--resume', out, '--steps', String(steps + 1), ...ON_CPU)
  expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining(`${steps + 1} steps`) })
}

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s saves the run and ends with %d', { timeout: 2 * MINUTE }, async (signal, expected) => {
  const out = await newFolder()
  const running = startLab(...ENDLESS, '--out', out)
  await running.said('Epoch 1: ')
  running.interrupt(signal)
  const { code, stdout } = await running.finished
  expect(code).toBe(expected)
  expect(stdout).toContain(`stopped at step ${await stepsSaved(out)} of`)
  await expectResumable(out)
})

test('Ctrl-C twice at once saves the run as well', { timeout: 2 * MINUTE }, async () => {
  const out = await newFolder()
  const running = startLab(...ENDLESS, '--out', out)
  await running.said('Epoch 1: ')
  running.interrupt()
  await running.said('stopping after this step')
  running.interrupt()
  expect((await running.finished).code).toBe(130)
  await expectResumable(out)
})

test('Ctrl-C that ends the reader of a pipe as well saves the run', { timeout: 2 * MINUTE }, async () => {
  const out = await newFolder()
  const running = startLab(...ENDLESS, '--out', out)
  await running.said('Epoch 1: ')
  running.stopReading()
  running.interrupt()
  expect((await running.finished).code).toBe(130)
  await expectResumable(out)
})

test(
  'a signal while the first step is prepared ends it, and leaves nothing',
  { timeout: MINUTE },
  async () => {
    const out = await newFolder()
    const running = startLab(...ENDLESS, '--whitening', 'author', '--limit-train', '2000', '--out', out)
    await running.said('computing the whitening')
    running.interrupt()
    const { code, stdout } = await running.finished
    expect({ code, stdout }).toEqual({
      code: 130,
      stdout: 'stopped before the first step; nothing was saved\n',
    })
    expect(await readdir(out)).toEqual([])
  },
)

test('a signal before anything is trained ends at once', { timeout: MINUTE }, async () => {
  const running = startLab(...ENDLESS)
  await running.said('Engine: ')
  running.interrupt('SIGTERM')
  expect((await running.finished).code).toBe(143)
})

describe('through npm', () => {
  /** In a group of its own, as a shell begins it. */
  function startNpm(out: string) {
    const words = ['run', '--silent', 'lab', '--', ...ENDLESS, '--out', out]
    const child = spawn('npm', words, { cwd: ROOT, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    const trains = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Epoch 1: ')) resolve()
      })
    })
    // Once nothing that it started can write any more.
    const ended = new Promise<number>((resolve) => {
      child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
    })
    return { child, trains, ended }
  }

  test('Ctrl-C, which the terminal sends to all and npm passes on', { timeout: 2 * MINUTE }, async () => {
    const out = await newFolder()
    const { child, trains, ended } = startNpm(out)
    await trains
    process.kill(-(child.pid ?? 0), 'SIGINT')
    expect(await ended).toBe(130)
    await expectResumable(out)
  })

  test('SIGTERM to npm alone', { timeout: 2 * MINUTE }, async () => {
    const out = await newFolder()
    const { child, trains, ended } = startNpm(out)
    await trains
    child.kill('SIGTERM')
    expect(await ended).toBe(143)
    await expectResumable(out)
  })
})

test.each([
  ['presets', ['presets', '--json']],
  ['help', ['--help']],
  ['the help of a command', ['train', '--help']],
  [
    'export',
    ['export', '--preset', 'akamaster-20', '--n', '1', '--out', join(tmpdir(), `lab-${process.pid}.st`)],
  ],
])('%s for nobody ends quietly', { timeout: MINUTE }, async (_, words) => {
  const running = startLab(...words)
  running.stopReading()
  expect(await running.finished).toEqual({ code: 141, stdout: '', stderr: '' })
})

test('output that finds no room is a failure with a sentence', { timeout: MINUTE }, async () => {
  const command = '"$0" --import tsx src/cli/main.ts presets --json > /dev/full'
  const child = spawn('sh', ['-c', command, process.execPath], { cwd: ROOT })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  expect((await once(child, 'close'))[0]).toBe(1)
  expect(stderr).toMatch(/^lab: The output cannot be written \(ENOSPC.*\n$/)
})
