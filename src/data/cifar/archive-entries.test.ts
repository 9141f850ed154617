import { sha256 } from 'hash-wasm'
import { expect, test } from 'vitest'
import { archiveEntries } from './archive-entries.ts'
import { collect, concatenate, gzip, packFiles, piecesOf } from '../../testing/data/tiny-set.ts'

const bytesOfLength = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 7919) >>> 3)
const FILES = [
  ['a.bin', bytesOfLength(300_000)],
  ['b.bin', bytesOfLength(5)],
  ['empty.bin', new Uint8Array()],
  ['c.bin', bytesOfLength(70_001)],
] as const

const FILE_DIGESTS = await Promise.all(FILES.map(async ([name, bytes]) => [name, await sha256(bytes)]))

/** Names and digests of the .bin files in an archive. */
async function readAll(archive: Uint8Array<ArrayBuffer>, pieceBytes?: number) {
  const read: [string, string][] = []
  for await (const { name, bytes } of archiveEntries(piecesOf(archive, pieceBytes), 'x.tar.gz')) {
    if (name.endsWith('.bin')) read.push([name, await sha256(concatenate(await collect(bytes)))])
  }
  return read
}

test.each([1_000, 65_536, 10_000_000])('a .tar.gz is read from pieces of %i bytes', async (pieceBytes) => {
  expect(await readAll(await gzip(await packFiles(FILES)), pieceBytes)).toEqual(FILE_DIGESTS)
})

test('a .tar that something has unpacked on the way is read as it is', async () => {
  expect(await readAll(await packFiles(FILES))).toEqual(FILE_DIGESTS)
})

test('paths are given whole, and folders left out', async () => {
  const archive = await gzip(await packFiles(FILES, 'deep/er'))
  const entries = await collect(archiveEntries(piecesOf(archive), 'x.tar.gz'))
  expect(entries.map(({ path }) => path)).toEqual([
    'deep/er/readme.html',
    'deep/er/a.bin',
    'deep/er/b.bin',
    'deep/er/empty.bin',
    'deep/er/c.bin',
  ])
})

test('a .tar.gz that ends early is truncated, wherever it ends', async () => {
  const archive = await gzip(await packFiles(FILES))
  const ends = [
    2,
    10,
    100,
    Math.floor(archive.length / 2),
    archive.length - 9,
    archive.length - 8,
    archive.length - 1,
  ]
  for (const end of ends) {
    await expect(readAll(archive.slice(0, end)), `ends at ${end}`).rejects.toMatchObject({
      code: 'archive-truncated',
      message: expect.stringMatching(/^x\.tar\.gz is cut short or damaged: after [\d,]+ unpacked bytes/),
    })
  }
})

test('a .tar that ends early is truncated, wherever it ends', async () => {
  const archive = await packFiles(FILES)
  for (const end of [512, 513, 2_000, 300_000, archive.length - 1_024, archive.length - 512]) {
    await expect(readAll(archive.slice(0, end)), `ends at ${end}`).rejects.toMatchObject({
      code: 'archive-truncated',
    })
  }
})

test('a damaged gzip stream is refused', async () => {
  const archive = await gzip(await packFiles(FILES))
  const damaged = archive.fill(0, 1_000, 1_100)
  await expect(readAll(damaged)).rejects.toMatchObject({ code: 'archive-truncated' })
})

test.each([
  ['a web page', ': it is a web page.', '\n<!DOCTYPE html><html><body>Sign in</body></html>'],
  ['empty', ': it is empty.', ''],
  ['a zip file', '. Check', 'PK\u0003\u0004 a zip file'],
])('what is %s is not an archive', async (_what, why, text) => {
  await expect(readAll(new TextEncoder().encode(text))).rejects.toMatchObject({
    code: 'archive-not-gzip',
    message: expect.stringContaining(`x.tar.gz isn’t a CIFAR archive${why}`),
  })
})

test('a failing source is reported as itself, and leaving early closes the source', async () => {
  const archive = await gzip(await packFiles(FILES))
  let closed = 0
  async function* source(failing: boolean) {
    try {
      yield* piecesOf(archive, 400)
      if (failing) throw new Error('the disk broke')
    } finally {
      closed++
    }
  }
  await expect(collect(archiveEntries(source(true), 'x'))).rejects.toThrow('the disk broke')
  for await (const { bytes } of archiveEntries(source(false), 'x')) {
    for await (const piece of bytes) if (piece.length > 0) break
    break
  }
  expect(closed).toBe(2)
})
