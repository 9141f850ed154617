import { sha256 } from 'hash-wasm'
import { describe, expect, test } from 'vitest'
import { archiveEntries } from './archive-entries.ts'
import { collect, concatenate, gzip, packFiles, piecesOf } from '../testing/data/tiny-set.ts'

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
  ['is a web page', '\n<!DOCTYPE html><html><body>Sign in</body></html>'],
  ['is empty', ''],
  ['is a zip archive', 'PK\u0003\u0004 a zip file'],
  ['is a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'],
])('what %s is not an archive', async (what, text) => {
  await expect(readAll(new TextEncoder().encode(text))).rejects.toMatchObject({
    code: 'archive-not-gzip',
    message: expect.stringMatching(new RegExp(`^x\\.tar\\.gz ${what}.*, not a CIFAR archive\\. `)),
  })
})

describe('archives as other programs write them', () => {
  const packed = packFiles(FILES)

  test.each([1, 100, 65_536, 300_100])(
    'a .tar.gz of two gzip members, the first of %i bytes, is read from any pieces',
    async (first) => {
      const tar = await packed
      const members = [await gzip(tar.slice(0, first)), await gzip(tar.slice(first)), new Uint8Array(512)]
      const [one] = members
      for (const pieceBytes of [one?.length ?? 0, 1_000, 10_000_000])
        expect(await readAll(concatenate(members), pieceBytes)).toEqual(FILE_DIGESTS)
    },
  )

  test('a second gzip member that is cut short is noticed', async () => {
    const tar = await packed
    const archive = concatenate([await gzip(tar.slice(0, 1_000)), await gzip(tar.slice(1_000))])
    await expect(readAll(archive.slice(0, -4))).rejects.toMatchObject({ code: 'archive-truncated' })
  })

  test('a gzip member whose checksum is wrong is noticed', async () => {
    const archive = await gzip(await packed)
    archive[archive.length - 6] = (archive[archive.length - 6] ?? 0) ^ 1
    await expect(readAll(archive)).rejects.toMatchObject({ code: 'archive-truncated' })
  })

  test.each([
    ['GNU tar’s, for long names', 'gnu', `${'folder/'.repeat(30)}a.bin`],
    ['PAX', 'pax', `${'folder/'.repeat(30)}a.bin`],
    ['a dot before each path', 'ustar', './cifar/a.bin'],
  ] as const)('a tar with headers of %s is read', async (_what, kind, path) => {
    const archive = tarOf(kind, [
      [path, bytesOfLength(3_000)],
      ['x/._a.bin', bytesOfLength(200)],
    ])
    const entries = await collect(archiveEntries(piecesOf(archive), 'x.tar'))
    expect(entries.map(({ path: read, name, size }) => [read.replace(/^\.\//, ''), name, size])).toEqual([
      [path.replace(/^\.\//, ''), 'a.bin', 3_000],
      ['x/._a.bin', '._a.bin', 200],
    ])
  })
})

/** A tar by the format's own description (POSIX.1-1988; GNU tar's type L; POSIX.1-2001's type x). */
function tarOf(kind: 'ustar' | 'gnu' | 'pax', files: readonly (readonly [string, Uint8Array])[]) {
  const text = (value: string) => new TextEncoder().encode(value)
  const block = (name: string, type: string, body: Uint8Array) => {
    const header = new Uint8Array(512)
    const put = (at: number, value: string) => header.set(text(value), at)
    put(0, name.slice(0, 99))
    put(100, '0000644\0')
    put(124, `${body.length.toString(8).padStart(11, '0')}\0`)
    put(136, '00000000000\0')
    put(156, type)
    put(257, kind === 'gnu' ? 'ustar  \0' : 'ustar\u000000')
    header.fill(0x20, 148, 156)
    const sum = header.reduce((total, byte) => total + byte, 0)
    put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
    return concatenate([header, body, new Uint8Array((512 - (body.length % 512)) % 512)])
  }
  const before = (name: string) => {
    if (name.length < 100) return []
    if (kind === 'gnu') return [block('././@LongLink', 'L', text(`${name}\0`))]
    const field = ` path=${name}\n`
    const length = field.length + String(field.length).length
    return [
      block(
        'PaxHeader',
        'x',
        text(`${length + Number(String(length).length > String(field.length).length)}${field}`),
      ),
    ]
  }
  return concatenate([
    ...files.flatMap(([name, body]) => [...before(name), block(name, '0', body)]),
    new Uint8Array(1024),
  ])
}

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
