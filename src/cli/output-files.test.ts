// What the command line writes over, and what is left where it cannot write.
import { chmod, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readCheckpoint } from '../transfer/checkpoint-file.ts'
import { runLabHere } from '../testing/node/run-lab-here.ts'

const MINUTE = 60_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ON_CPU = ['--engine', 'cpu', '--threads', '1'] as const
const EPOCH = [
  'train --preset akamaster-20 --n 1 --width 4 --data builtin --batch 8'.split(' '),
  '--limit-train 16 --limit-test 8 --epochs 1'.split(' '),
  ON_CPU,
].flat()
const WEIGHTS = ['export', '--preset', 'akamaster-20', '--n', '1', '--width', '4', '--out']
const EVENTS = /^events\.out\.tfevents\.\d+\.residual-lab$/

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-'))
})
afterEach(() => vi.unstubAllEnvs())

async function seedIn(out: string): Promise<number> {
  const path = join(out, 'checkpoint.safetensors')
  return readCheckpoint(await readFile(path), path).config.seed
}

describe('a folder that holds a run', () => {
  beforeEach(async () => {
    await runLabHere(...EPOCH, '--seed', '1', '--out', folder)
    await writeFile(join(folder, 'notes.txt'), 'mine')
  }, MINUTE)

  test('is refused for another, which leaves it as it is', async () => {
    const before = (await readdir(folder)).toSorted()
    const { code, stderr } = await runLabHere(...EPOCH, '--seed', '2', '--out', folder)
    expect(code).toBe(1)
    expect(stderr).toBe(
      `lab: ${folder} holds a run already; give --out another folder, continue that run with --resume ${folder}, or give --overwrite to replace it.\n`,
    )
    expect((await readdir(folder)).toSorted()).toEqual(before)
    expect(await seedIn(folder)).toBe(1)
  })

  test('is replaced with --overwrite, of which only what is not the run’s stays', async () => {
    const { code } = await runLabHere(...EPOCH, '--seed', '2', '--out', folder, '--overwrite')
    expect(code).toBe(0)
    expect(await seedIn(folder)).toBe(2)
    const names = await readdir(folder)
    expect(names.filter((name) => EVENTS.test(name))).toHaveLength(1)
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine')
  })

  test('goes on in itself, and not in the folder of another run', { timeout: MINUTE }, async () => {
    const other = await mkdtemp(join(tmpdir(), 'lab-'))
    await writeFile(join(other, 'metrics.json'), '{}')
    const on = ['train', '--resume', folder, '--epochs', '2', ...ON_CPU, '--out']
    expect((await runLabHere(...on, other)).stderr).toContain(`${other} holds a run already`)
    const { code, stdout } = await runLabHere(...on, relative('.', folder), '--overwrite')
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('4 steps') })
  })

  test.each([
    ['export', ['--format', 'npz']],
    ['features', ON_CPU],
  ])('%s does not write over a file unasked', { timeout: MINUTE }, async (verb, words) => {
    const out = join(folder, 'notes.txt')
    const refused = await runLabHere(verb, '--run', folder, '--out', out, ...words)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('notes.txt exists already') })
    expect(await readFile(out, 'utf8')).toBe('mine')
    expect((await runLabHere(verb, '--run', folder, '--out', out, ...words, '--overwrite')).code).toBe(0)
    expect(await readFile(out, 'utf8')).not.toBe('mine')
  })

  test('a format of several files does not write over any of them unasked', async () => {
    const out = join(folder, 'script')
    await mkdir(out)
    await writeFile(join(out, 'weights.safetensors'), 'mine')
    const words = ['export', '--run', folder, '--format', 'pytorch', '--out', out]
    expect((await runLabHere(...words)).stderr).toContain('weights.safetensors exists already')
    expect(await readdir(out)).toEqual(['weights.safetensors'])
    expect((await runLabHere(...words, '--overwrite')).code).toBe(0)
  })
})

describe('where nothing can be written, one sentence says why and nothing is left', () => {
  test.each<[string, (path: string) => Promise<string>, string]>([
    [
      'a full disk',
      async (path) => {
        await symlink('/dev/full', path)
        return path
      },
      'the disk is full',
    ],
    [
      'a folder of that name',
      async (path) => {
        await mkdir(path)
        return path
      },
      'it is a folder',
    ],
    [
      'a file in the place of its folder',
      async (path) => {
        await writeFile(path, '')
        return join(path, 'weights.safetensors')
      },
      'a part of its path is a file',
    ],
    ['no folder', async (path) => join(path, 'weights.safetensors'), 'its folder is not there'],
  ])('%s', async (_, arrange, reason) => {
    const out = await arrange(join(folder, 'out'))
    const before = await readdir(folder)
    const { code, stderr } = await runLabHere(...WEIGHTS, out)
    expect(code).toBe(1)
    expect(stderr).toBe(
      `lab: ${out} cannot be written: ${reason}. Make room there, or give --out another place.\n`,
    )
    expect(await readdir(folder)).toEqual(before)
  })

  test('a folder that may not be written is refused before anything is trained', async () => {
    await chmod(folder, 0o555)
    // What is forbidden to others is not to root.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      const { code, stderr } = await runLabHere(...EPOCH, '--out', folder)
      expect(code).toBe(1)
      expect(stderr).toBe(
        `lab: ${folder} cannot be written: you may not write there. Make room there, or give --out another place.\n`,
      )
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  test('a run whose folder’s place is a file', async () => {
    await writeFile(join(folder, 'run'), '')
    const { code, stderr } = await runLabHere(...EPOCH, '--out', join(folder, 'run'))
    expect(code).toBe(1)
    expect(stderr).toContain('run cannot be written: a file has that name.')
  })

  test('a checkpoint that finds no place ends the run, without a partial file', async () => {
    await mkdir(join(folder, 'checkpoint.safetensors'))
    const { code, stderr } = await runLabHere(...EPOCH, '--out', folder)
    expect(code).toBe(1)
    expect(stderr).toContain('checkpoint.safetensors cannot be written: it is a folder.')
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

test('a link to a file stays a link, and what it leads to is replaced', async () => {
  const [file, link] = [join(folder, 'file'), join(folder, 'link')]
  await writeFile(file, 'old')
  await symlink(file, link)
  expect((await runLabHere(...WEIGHTS, link, '--overwrite')).code).toBe(0)
  expect((await readFile(file)).length).toBeGreaterThan(1000)
  expect(
    (await readdir(folder, { withFileTypes: true })).find(({ name }) => name === 'link')?.isSymbolicLink(),
  ).toBe(true)
})

test('a pipe or a device is written to, and stays one', async () => {
  const link = join(folder, 'nothing')
  await symlink('/dev/null', link)
  expect((await runLabHere(...WEIGHTS, link)).code).toBe(0)
  expect((await readFile('/dev/null')).length).toBe(0)
})

test('paths begin where npm was called, with --prefix as well', { timeout: MINUTE }, async () => {
  const words = ['--prefix', ROOT, 'run', '--silent', 'lab', '--', ...WEIGHTS, 'weights.safetensors']
  const child = spawn('npm', words, { cwd: folder, stdio: 'ignore' })
  expect((await once(child, 'close'))[0]).toBe(0)
  expect(await readdir(folder)).toEqual(['weights.safetensors'])
})
