import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeZip } from '../files/zip.ts'
import { writeSafetensors } from '../transfer/safetensors.ts'
import { sortFiles } from './open-files.ts'

const fileOf = (name: string, content: string | Uint8Array<ArrayBuffer>) => new File([content], name)
const pickle = (text: string) => Uint8Array.from(Buffer.from(`\u0080\u0002${text}`, 'latin1'))

const WEIGHTS = writeSafetensors([], { format: 'pt' })
const CHECKPOINT = writeSafetensors([], { format: 'residual-lab-checkpoint' })
const RUNS = writeZip(new Map([['a/run.json', Uint8Array.of(1)]]))
const RECORDS = Uint8Array.from({ length: 3073 }, (_, i) => (i * 7919) >>> 3)

async function sorted(files: readonly File[], isInFolder = false) {
  const by = await sortFiles(files.map((file) => ({ file, isInFolder })))
  return Object.fromEntries(
    Object.entries(by).map(([reader, list]) => [reader, list.map(({ name }) => name)]),
  )
}

test('dropped files go to the reader of what is in them, whatever they are called', async () => {
  const files = [
    fileOf('resnet20', WEIGHTS),
    fileOf('download (3)', RUNS),
    fileOf('mine.txt', '{"version": 2}'),
    fileOf('data_batch_1 (1).bin', RECORDS),
    fileOf('cifar', writeZip(new Map([['cifar-10-batches-bin/data_batch_1.bin', Uint8Array.of(1)]]))),
    fileOf('resnet20.bin', pickle('\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.')),
  ]
  expect(await sorted(files)).toEqual({
    weights: ['resnet20', 'resnet20.bin'],
    runs: ['download (3)'],
    setup: ['mine.txt'],
    images: ['data_batch_1 (1).bin', 'cifar'],
  })
})

test('what a file is called counts where what is in it could be for anyone', async () => {
  const page = '<!doctype html><title>Log in</title>'
  const files = ['net.safetensors', 'runs.zip', 'mine.json', 'cifar-10-binary.tar.gz'].map((name) =>
    fileOf(name, page),
  )
  expect(await sorted(files)).toEqual({
    weights: ['net.safetensors'],
    runs: ['runs.zip'],
    setup: ['mine.json'],
    images: ['cifar-10-binary.tar.gz'],
  })
})

test('of a folder, only what is known to be for a reader is taken; where nothing is, all is tried', async () => {
  const beside = [
    fileOf('readme.html', '<html>'),
    fileOf('metrics.json', '{}'),
    fileOf('shot.png', pickle('')),
  ]
  const folder = [
    ...beside,
    fileOf('weights.safetensors', WEIGHTS),
    fileOf('checkpoint.safetensors', CHECKPOINT),
  ]
  expect(await sorted(folder, true)).toEqual({
    weights: ['weights.safetensors'],
    runs: [],
    setup: [],
    images: [],
  })
  expect((await sorted([fileOf('readme.html', '<html>')], true))['images']).toEqual(['readme.html'])
})

test('a file that is gone by the time it is read is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gone-'))
  await writeFile(join(folder, 'net.safetensors'), WEIGHTS)
  const file = new File([await openAsBlob(join(folder, 'net.safetensors'))], 'net.safetensors')
  await rm(folder, { recursive: true })
  await expect(sorted([file])).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringMatching(/^net\.safetensors can no longer be read: it was moved/),
  })
})

test('more files than a command carries are refused before any is read', async () => {
  const files = Array.from({ length: 1_001 }, (_, i) => fileOf(`${i}.bin`, RECORDS))
  await expect(sorted(files)).rejects.toMatchObject({
    code: 'file-unreadable',
    message: 'These are more than 1,000 files; drop the ones that are meant.',
  })
})
