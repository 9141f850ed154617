// Real CIFAR files are too large for here: what a folder holds is named, and the whole set is read where CIFAR10_DIR is.
import { mkdtemp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openImageSource } from './image-source.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'images-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

test.each([
  [
    'of the Python version',
    { data_batch_1: Buffer.from('\u0080\u0002}q\u0001(U\u000bbatch_label', 'latin1') },
    /holds no CIFAR binary files \(it is the Python version; the binary one is needed\)/,
  ],
  [
    'with one file of six',
    { 'data_batch_3.bin': 'short' },
    /of the 6 files of CIFAR-10, 5 are missing \(data_batch_1/,
  ],
])('a folder %s is refused with what is missing', async (_what, files, message) => {
  await expect(openImageSource(await folderOf(files))).rejects.toThrow(message)
})

test('a file that is no archive is named for what it is', async () => {
  const folder = await folderOf({ 'cifar.tar.gz': '<!doctype html><title>Log in</title>' })
  await expect(openImageSource(join(folder, 'cifar.tar.gz'))).rejects.toThrow(
    /^cifar\.tar\.gz is a web page, .* not a CIFAR archive\./,
  )
  await expect(openImageSource(join(folder, 'absent'))).rejects.toThrow(/absent cannot be read; --data takes/)
})

const real = process.env['CIFAR10_DIR']
test.skipIf(!real)('CIFAR-10 is read from a folder whatever its files are called', async () => {
  const folder = await folderOf({ 'notes.txt': 'mine' })
  await mkdir(join(folder, 'inside'))
  for (const [i, name] of (await readdir(real ?? '')).entries())
    await symlink(join(real ?? '', name), join(folder, 'inside', `download (${i})`))
  const [named, other] = [await openImageSource(real ?? ''), await openImageSource(folder)]
  const [ours, theirs] = [await named.load('test', 50), await other.load('test', 50)]
  expect(theirs.labels).toEqual(ours.labels)
  expect(theirs.pixels).toEqual(ours.pixels)
})
