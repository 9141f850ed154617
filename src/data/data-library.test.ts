import 'fake-indexeddb/auto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { eventually } from '../../scripts/testing/eventually.ts'
import { tickingClock } from '../../scripts/testing/ticking-clock.ts'
import { IMAGE_BYTES } from '../base/data-set.ts'
import type { DataSetStatus } from '../contract/events.ts'
import { fileListener, serve, type Serving } from '../../scripts/testing/local-server.ts'
import { createDataLibrary, type DataLibrary, type DataLibraryPorts } from './data-library.ts'
import { writeZip } from '../files/zip.ts'
import type { ImageStore } from './store/image-store.ts'
import { databaseContents } from '../testing/data/database-contents.ts'
import { openFreshStore } from '../testing/data/open-fresh-store.ts'
import {
  archiveOf,
  concatenate,
  createTinySet,
  gzip,
  packFiles,
  type TinySet,
} from '../testing/data/tiny-set.ts'

afterEach(() => vi.restoreAllMocks())

const TINY = await createTinySet('cifar10')
const TINY_ARCHIVE = await archiveOf(TINY)
/** Several parts, so that there is something to cut. */
const LARGE = await createTinySet('cifar10', { images: 400 })
const LARGE_ARCHIVE = await archiveOf(LARGE)
const TINY_100 = await createTinySet('cifar100')

type Page = {
  library: DataLibrary
  statuses: DataSetStatus[]
  until: (state: DataSetStatus['state']) => Promise<DataSetStatus>
}

/** A page with the library open. `until` waits for the next status of CIFAR-10 in that state. */
async function openPage(
  store: ImageStore,
  base: string,
  changes: Partial<DataLibraryPorts> = {},
): Promise<Page> {
  const statuses: DataSetStatus[] = []
  const waiting: { state: string; resolve: (status: DataSetStatus) => void }[] = []
  const library = createDataLibrary({
    store,
    fetch: (url, init) => fetch(url, init),
    elapsed: tickingClock,
    emit(status) {
      statuses.push(status)
      if (status.set !== 'cifar10') return
      const met = waiting.filter(({ state }) => state === status.state)
      for (const { resolve } of met) resolve(status)
      for (const entry of met) waiting.splice(waiting.indexOf(entry), 1)
    },
    defaultBase: base,
    formats: [TINY.format, TINY_100.format],
    retryDelaysMs: [1],
    ...changes,
  })
  await library.open()
  return {
    library,
    statuses,
    until: (state) => new Promise((resolve) => waiting.push({ state, resolve })),
  }
}

const large = { formats: [LARGE.format] }

async function trainOf(library: DataLibrary, set: TinySet): Promise<boolean> {
  const train = await library.load(set.format.set, 'train', null)
  const records = [...set.files].filter(([name]) => name.startsWith('data_batch')).map(([, bytes]) => bytes)
  const whole = concatenate(records)
  return (
    train.count === whole.length / 3_073 &&
    Array.from({ length: train.count }, (_, image) => {
      const record = whole.subarray(image * 3_073, (image + 1) * 3_073)
      const pixels = train.pixels.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES)
      return train.labels[image] === record[0] && Buffer.compare(pixels, record.subarray(1)) === 0
    }).every(Boolean)
  )
}

const fileOf = (name: string, ...bytes: Uint8Array<ArrayBuffer>[]) => new File(bytes, name)
const binFilesOf = (set: TinySet) => [...set.files].map(([name, bytes]) => fileOf(name, bytes))

test('opening says the built-in set is ready and the others absent', async () => {
  const { store } = await openFreshStore()
  const { statuses, library } = await openPage(store, 'http://127.0.0.1:1/')
  expect(statuses.map(({ set, state, images }) => [set, state, images.train])).toEqual([
    ['builtin', 'ready', 5_000],
    ['cifar10', 'absent', 0],
    ['cifar100', 'absent', 0],
  ])
  const first = await library.load('builtin', 'test', 3)
  expect(first).toMatchObject({ count: 3, classNames: statuses[0]?.classNames })
  expect(first.pixels).toHaveLength(3 * IMAGE_BYTES)
  const page = await library.page('builtin', 'train', first.labels[0] ?? 0, 0, 5)
  expect(new Set(page.labels)).toEqual(new Set([first.labels[0]]))
  expect(page.total).toBe(500)
})

test('fetching downloads, unpacks, verifies and stores a set, and leaves no archive behind', async () => {
  await using server = await serve(fileListener(TINY_ARCHIVE))
  const { store, name } = await openFreshStore()
  const { library, statuses, until } = await openPage(store, server.base)
  statuses.length = 0
  library.fetch('cifar10', null)
  const ready = await until('ready')
  expect(server.requests).toEqual(['GET /cifar-10-binary.tar.gz'])
  expect([...new Set(statuses.map(({ state }) => state))]).toEqual(['downloading', 'unpacking', 'ready'])
  expect(statuses.find(({ state }) => state === 'unpacking')?.totalBytes).toBe(6 * 7 * 3_073)
  expect(ready).toMatchObject({ images: { train: 35, test: 7 }, failure: null, bytes: 0, totalBytes: null })
  expect(ready.classNames[9]).toBe('truck')
  expect(await trainOf(library, TINY)).toBe(true)
  expect(
    (await databaseContents(name)).filter((line) => /^(parts|downloads|generations)/.test(line)),
  ).toEqual([])
})

test('a stored set is ready after a reload', async () => {
  await using server = await serve(fileListener(TINY_ARCHIVE))
  const { store, reopen } = await openFreshStore()
  const first = await openPage(store, server.base)
  first.library.fetch('cifar10', null)
  await first.until('ready')
  const second = await openPage(await reopen(), server.base)
  expect(second.statuses.find(({ set }) => set === 'cifar10')).toMatchObject({
    state: 'ready',
    images: { train: 35, test: 7 },
  })
  expect(await trainOf(second.library, TINY)).toBe(true)
})

test.each([
  ['a folder', 'mirror/', '/mirror/cifar-10-binary.tar.gz'],
  ['an archive', 'mine.tgz', '/mine.tgz'],
])('a mirror address may be that of %s', async (_, path, asked) => {
  await using server = await serve(fileListener(TINY_ARCHIVE))
  const { store } = await openFreshStore()
  const { library, until } = await openPage(store, 'http://127.0.0.1:1/')
  library.fetch('cifar10', server.base + path)
  await until('ready')
  expect(server.requests).toEqual([`GET ${asked}`])
})

test('what is no web address is refused with a sentence', async () => {
  const { store } = await openFreshStore()
  const { library, until } = await openPage(store, 'http://127.0.0.1:1/')
  library.fetch('cifar10', 'mirror.example/cifar')
  const { failure } = await until('absent')
  expect(failure).toMatchObject({ code: 'archive-unreachable' })
  expect(failure?.message).toBe(
    '“mirror.example/cifar” is not a web address; enter one that begins with https://.',
  )
})

test("progress counts the bytes up to the archive's, with a speed", async () => {
  await using server = await serve(fileListener(LARGE_ARCHIVE))
  const { store } = await openFreshStore()
  let clock = 0
  const { library, statuses, until } = await openPage(store, server.base, {
    ...large,
    elapsed: () => (clock += 20),
  })
  library.fetch('cifar10', null)
  await until('unpacking')
  const progress = statuses.filter(({ state }) => state === 'downloading')
  expect(progress.length).toBeGreaterThan(4)
  const bytes = progress.map((status) => status.bytes)
  expect(bytes).toEqual(bytes.toSorted((one, other) => one - other))
  expect(progress.at(-1)?.bytesPerSecond).toBeGreaterThan(0)
  expect(progress.at(-1)?.totalBytes).toBe(LARGE_ARCHIVE.length)
  await until('ready')
})

/** Answers, but after so many bytes waits for ever. */
const stalling = (bytes: number) => ({
  fetch: async (url: string, init: RequestInit) => {
    const response = await fetch(url, init)
    let passed = 0
    const stall = new TransformStream<Uint8Array, Uint8Array>({
      async transform(piece, controller) {
        if (passed >= bytes) await new Promise((_, reject) => init.signal?.addEventListener('abort', reject))
        passed += piece.length
        controller.enqueue(piece)
      },
    })
    return new Response(response.body?.pipeThrough(stall) ?? null, response)
  },
})

test('a paused download keeps what arrived and goes on from there', async () => {
  await using server = await serve(fileListener(LARGE_ARCHIVE))
  const { store } = await openFreshStore()
  const slow = await openPage(store, server.base, { ...large, ...stalling(2_500_000) })
  slow.library.fetch('cifar10', null)
  await eventually(async () => expect((await store.downloads.find('cifar10'))?.bytes).toBe(2_097_152))
  await slow.library.pause('cifar10')
  const paused = slow.statuses.at(-1)
  expect(paused).toMatchObject({ state: 'paused', failure: null, totalBytes: LARGE_ARCHIVE.length })
  expect(paused?.bytes).toBeGreaterThan(2_097_152)

  const { library, until } = await openPage(store, server.base, large)
  library.fetch('cifar10', null)
  await until('ready')
  expect(server.requests[1]).toBe(`GET /cifar-10-binary.tar.gz bytes=${paused?.bytes}-`)
  expect(await trainOf(library, LARGE)).toBe(true)
})

test('a download that a reload has interrupted is paused, and goes on from where it came', async () => {
  await using server = await serve(fileListener(LARGE_ARCHIVE))
  const { store, reopen } = await openFreshStore()
  const before = await openPage(store, 'http://127.0.0.1:1/', { ...large, ...stalling(6_000_000) })
  before.library.fetch('cifar10', `${server.base}mirror/`)
  // The last whole part before the stall.
  const bytes = 5 * 1_048_576
  await eventually(async () => expect((await store.downloads.find('cifar10'))?.bytes).toBe(bytes))

  const after = await openPage(await reopen(), 'http://127.0.0.1:1/', large)
  expect(after.statuses.find(({ set }) => set === 'cifar10')).toMatchObject({
    state: 'paused',
    bytes,
    totalBytes: LARGE_ARCHIVE.length,
  })
  after.library.fetch('cifar10', null)
  await after.until('ready')
  expect(server.requests.at(-1)).toBe(`GET /mirror/cifar-10-binary.tar.gz bytes=${bytes}-`)
  expect(await trainOf(after.library, LARGE)).toBe(true)
})

test('a page that was closed between the last byte and the images unpacks without asking again', async () => {
  await using server = await serve(fileListener(TINY_ARCHIVE))
  const { store, reopen } = await openFreshStore()
  await store.downloads.begin('cifar10', {
    url: `${server.base}cifar-10-binary.tar.gz`,
    totalBytes: TINY_ARCHIVE.length,
    etag: null,
    lastModified: null,
  })
  await store.downloads.append('cifar10', TINY_ARCHIVE)
  await store.downloads.finish('cifar10')
  await store.writer('cifar10', { images: { train: 1, test: 1 }, classNames: [], coarseNames: null })
  const { library, until } = await openPage(await reopen(), server.base)
  library.fetch('cifar10', null)
  await until('ready')
  expect(server.requests).toEqual([])
})

test('a cut connection ends as paused, with the reason, and what arrived', async () => {
  let serving: Serving = { cutAfter: 3_000_000 }
  await using server = await serve(
    fileListener(LARGE_ARCHIVE, () => {
      const now = serving
      serving = { cutAfter: 0 }
      return now
    }),
  )
  const { store } = await openFreshStore()
  const { library, until } = await openPage(store, server.base, large)
  library.fetch('cifar10', null)
  const paused = await until('paused')
  expect(paused.failure?.code).toBe('archive-interrupted')
  expect(paused.bytes).toBeGreaterThan(0)
  serving = {}
  library.fetch('cifar10', null)
  expect((await until('ready')).failure).toBeNull()
})

test('a cancelled download leaves nothing of itself', async () => {
  await using server = await serve(fileListener(LARGE_ARCHIVE))
  const { store, name } = await openFreshStore()
  const { library, statuses } = await openPage(store, server.base, { ...large, ...stalling(5_000_000) })
  library.fetch('cifar10', null)
  await eventually(async () => expect((await store.downloads.find('cifar10'))?.bytes).toBeGreaterThan(0))
  await library.cancel('cifar10')
  expect(statuses.at(-1)).toMatchObject({ state: 'absent', failure: null, bytes: 0 })
  expect(await databaseContents(name)).toEqual([])
})

/** A store with another CIFAR-10 in it: what every failure must leave as it is. */
async function openWithOldSet() {
  const opened = await openFreshStore()
  const old = await createTinySet('cifar10', { seed: 2 })
  const page = await openPage(opened.store, 'http://127.0.0.1:1/', { formats: [old.format] })
  await page.library.import(binFilesOf(old))
  return { ...opened, old, before: await databaseContents(opened.name) }
}

test('cancelling an unpacking leaves the old set byte for byte, and nothing else', async () => {
  const { store, name, before, old } = await openWithOldSet()
  const { library, statuses, until } = await openPage(store, 'http://127.0.0.1:1/', large)
  const importing = library.import([fileOf('cifar.tar.gz', LARGE_ARCHIVE)])
  importing.catch(() => undefined)
  await until('unpacking')
  await library.cancel('cifar10')
  await expect(importing).rejects.toMatchObject({ code: 'aborted' })
  expect(statuses.at(-1)).toMatchObject({ state: 'ready', failure: null, images: { train: 35, test: 7 } })
  expect(await databaseContents(name)).toEqual(before)
  expect(await trainOf(library, old)).toBe(true)
})

async function damagedArchive(damage: (files: Map<string, Uint8Array<ArrayBuffer>>) => void) {
  const files = new Map([...TINY.files].map(([name, bytes]) => [name, bytes.slice()]))
  damage(files)
  return gzip(await packFiles(files))
}

const BAD_ARCHIVES: [string, string, RegExp, Uint8Array<ArrayBuffer>][] = [
  [
    'a web page',
    'archive-not-gzip',
    /cifar-10-binary\.tar\.gz is a web page, .*, not a CIFAR archive\./,
    new TextEncoder().encode('<!doctype html><p>Log in'),
  ],
  [
    'half an archive',
    'archive-truncated',
    /is cut short or damaged/,
    TINY_ARCHIVE.slice(0, TINY_ARCHIVE.length / 2),
  ],
  [
    'a file that ends in a record',
    'archive-truncated',
    /^data_batch_2\.bin ends after 3 of 7 images/,
    await damagedArchive((files) =>
      files.set('data_batch_2.bin', (files.get('data_batch_2.bin') ?? new Uint8Array()).slice(0, 10_000)),
    ),
  ],
  [
    'a wrong byte',
    'archive-digest',
    /^test_batch\.bin is not the file that CIFAR-10 publishes/,
    await damagedArchive((files) => files.get('test_batch.bin')?.fill(7, 100, 101)),
  ],
  [
    'the label 10',
    'label-out-of-range',
    /^data_batch_5\.bin: image 1 has the label 10/,
    await damagedArchive((files) => files.get('data_batch_5.bin')?.fill(10, 0, 1)),
  ],
  [
    'files missing',
    'archive-incomplete',
    /of the 6 files of CIFAR-10, 2 are missing \(data_batch_4\.bin, test_batch\.bin\)/,
    await damagedArchive((files) => void (files.delete('test_batch.bin'), files.delete('data_batch_4.bin'))),
  ],
  [
    'the Python version',
    'archive-incomplete',
    /Python version; the binary one is needed/,
    await gzip(await packFiles([['data_batch_1', new Uint8Array(9)]], 'cifar-10-batches-py')),
  ],
]

test.each(BAD_ARCHIVES)(
  'fetching %s fails as %s and leaves what was stored',
  async (_, code, message, archive) => {
    await using server = await serve(fileListener(archive))
    const { store, name, before } = await openWithOldSet()
    const { library, statuses, until } = await openPage(store, server.base)
    library.fetch('cifar10', null)
    const { failure } = await until('ready')
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(statuses.at(-1)?.images).toEqual({ train: 35, test: 7 })
    expect(await databaseContents(name)).toEqual(before)
  },
)

test.each(BAD_ARCHIVES)(
  'importing %s fails as %s and leaves what was stored',
  async (_, code, message, archive) => {
    const { store, name, before } = await openWithOldSet()
    const { library } = await openPage(store, 'http://127.0.0.1:1/')
    const importing = library.import([fileOf('cifar-10-binary.tar.gz', archive)])
    await expect(importing).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await databaseContents(name)).toEqual(before)
  },
)

test.each([
  ['while the archive is kept', 'downloads', 1],
  ['while the images are stored', 'chunks', 2],
  ['while the set is published', 'manifests', 0],
])('a storage that is full %s leaves the old set and nothing else', async (_, objectStore, after) => {
  await using server = await serve(fileListener(TINY_ARCHIVE))
  const { store, name, before } = await openWithOldSet()
  const { library, until } = await openPage(store, server.base)
  let puts = 0
  const put = Reflect.get(IDBObjectStore.prototype, 'put')
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...values) {
    if (this.name === objectStore && puts++ >= after) throw new DOMException('full', 'QuotaExceededError')
    return Reflect.apply(put, this, values)
  })
  library.fetch('cifar10', null)
  const { failure } = await until('ready')
  expect(failure?.code).toBe('storage-full')
  expect(failure?.message).toMatch(/CIFAR-10.*MB.*free disk space .*What was stored before is unchanged\./)
  vi.restoreAllMocks()
  expect(await databaseContents(name)).toEqual(before)
})

test.each([
  ['archive-not-found', 404],
  ['archive-forbidden', 403],
])('%s is in the status', async (code, status) => {
  await using server = await serve((_, response) => response.writeHead(status).end())
  const { store } = await openFreshStore()
  const { library, until } = await openPage(store, server.base)
  library.fetch('cifar10', null)
  expect((await until('absent')).failure?.code).toBe(code)
})

test('a site without the archives says what to do; a mirror without them is named', async () => {
  await using server = await serve((_, response) => response.writeHead(404).end())
  const { store } = await openFreshStore()
  const { library, until } = await openPage(store, server.base)
  library.fetch('cifar10', null)
  expect((await until('absent')).failure?.message).toMatch(
    /^This site has no copy of CIFAR-10\. Download https:.*cifar-10-binary\.tar\.gz and choose or drop the file here, or .*mirror/,
  )
  const mirror = `${server.base}mirror/`
  library.fetch('cifar10', mirror)
  await until('downloading')
  expect((await until('absent')).failure?.message).toContain(`There is no file at ${mirror}`)
})

test.each([
  ['cifar-10-binary.tar.gz', TINY_ARCHIVE],
  ['renamed.tgz', TINY_ARCHIVE],
  ['unpacked-on-the-way.tar', await packFiles(TINY.files)],
])('%s is imported', async (name, archive) => {
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  expect(await library.import([fileOf(name, archive)])).toEqual(['cifar10'])
  expect(await trainOf(library, TINY)).toBe(true)
})

test('the .bin files of a set are imported in any order, other files beside them ignored', async () => {
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  const readme = fileOf('readme.html', new TextEncoder().encode('<h1>'))
  expect(await library.import([readme, ...binFilesOf(TINY).toReversed()])).toEqual(['cifar10'])
  expect(await trainOf(library, TINY)).toBe(true)
})

test('which data set an archive is follows from the files in it', async () => {
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  expect(await library.import([fileOf('x.tar.gz', await archiveOf(TINY_100))])).toEqual(['cifar100'])
  const test100 = await library.load('cifar100', 'test', null)
  expect(test100.count).toBe(7)
  expect(test100.classNames).toHaveLength(100)
  expect(test100.labels[0]).toBe(TINY_100.files.get('test.bin')?.[1])
})

test('some of the .bin files are not enough, and the missing ones are named', async () => {
  const { store, name } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  await expect(library.import(binFilesOf(TINY).slice(1, 5))).rejects.toMatchObject({
    code: 'archive-incomplete',
    message: expect.stringContaining('2 are missing (data_batch_1.bin, test_batch.bin)'),
  })
  expect(await databaseContents(name)).toEqual([])
})

test('files that are no data set are refused with what to drop instead', async () => {
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  const archive = await gzip(await packFiles([['holiday.jpg', new Uint8Array(9)]]))
  await expect(library.import([fileOf('photos.tgz', archive)])).rejects.toMatchObject({
    code: 'archive-incomplete',
    message:
      'photos.tgz holds no file of a data set that this page knows; drop cifar-10-binary.tar.gz or ' +
      'cifar-100-binary.tar.gz, or the .bin files out of it.',
  })
  await expect(
    library.import([fileOf('a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47))]),
  ).rejects.toMatchObject({
    code: 'archive-not-gzip',
    message: expect.stringMatching(/^a\.png is a PNG image, not a CIFAR archive\. To have the images, drop/),
  })
})

test('importing a set makes a paused download of it needless', async () => {
  await using server = await serve(fileListener(LARGE_ARCHIVE))
  const { store, name } = await openFreshStore()
  const { library, until } = await openPage(store, server.base, { ...large, ...stalling(5_000_000) })
  library.fetch('cifar10', null)
  await until('downloading')
  await library.import([fileOf('cifar.tar.gz', LARGE_ARCHIVE)])
  expect(await trainOf(library, LARGE)).toBe(true)
  expect((await databaseContents(name)).filter((line) => /^(parts|downloads)/.test(line))).toEqual([])
})

test('removing a set leaves nothing of it', async () => {
  const { store, name } = await openWithOldSet()
  const { library, statuses } = await openPage(store, 'http://127.0.0.1:1/')
  await library.remove('cifar10')
  expect(statuses.at(-1)).toMatchObject({ set: 'cifar10', state: 'absent', images: { train: 0, test: 0 } })
  expect(await databaseContents(name)).toEqual([])
  await expect(library.load('cifar10', 'train', null)).rejects.toMatchObject({ code: 'data-set-absent' })
})

test('while another tab is at work on a set this one says so and touches nothing', async () => {
  await using server = await serve(fileListener(TINY_ARCHIVE))
  const { store } = await openFreshStore()
  const { library, until } = await openPage(store, server.base)
  await store.claim('cifar10')
  library.fetch('cifar10', null)
  expect((await until('absent')).failure?.message).toMatch(
    /^Another tab of this browser is at work on CIFAR-10;/,
  )
  expect(server.requests).toEqual([])
})

/** As a browser names a file that it has already: what is in it is the same. */
const renamed = (set: TinySet) =>
  [...set.files]
    .toReversed()
    .map(([name, bytes], i) => fileOf(i % 2 ? `image set ${i}` : name.replace('.bin', ' (1).bin'), bytes))

const swapped = (set: TinySet) => {
  const names = [...set.files.keys()]
  return [...set.files.values()].map((bytes, i) => fileOf(names[(i + 1) % names.length] ?? '', bytes))
}

const zipOf = (set: TinySet) =>
  writeZip(new Map([...set.files].map(([name, bytes]) => [`cifar-10-batches-bin/${name}`, bytes])))

test.each<[string, () => Promise<File[]> | File[]]>([
  ['under other names, one without an ending', () => renamed(TINY)],
  ['under one another’s names', () => swapped(TINY)],
  ['twice over', () => [...renamed(TINY), ...binFilesOf(TINY)]],
  ['in an archive without an ending', async () => [fileOf('download', await archiveOf(TINY))]],
  [
    'under other names in an archive',
    async () => [
      fileOf(
        'x.tgz',
        await gzip(await packFiles([...TINY.files].map(([name, bytes]) => [`copy of ${name}`, bytes]))),
      ),
    ],
  ],
  ['in a zip', () => [fileOf('cifar.zip', zipOf(TINY))]],
  [
    'some in an archive, the others beside it',
    async () => {
      const files = [...TINY.files]
      return [
        fileOf('a.tar', await packFiles(files.slice(0, 3))),
        ...files.slice(3).map(([name, bytes]) => fileOf(name, bytes)),
      ]
    },
  ],
])('the genuine files of a set are imported %s', async (_what, files) => {
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  expect(await library.import(await files())).toEqual(['cifar10'])
  expect(await trainOf(library, TINY)).toBe(true)
})

test('two sets at once are both imported; of a third part the missing files are named', async () => {
  const { store } = await openFreshStore()
  const { library, statuses } = await openPage(store, 'http://127.0.0.1:1/')
  const both = [...binFilesOf(TINY_100), fileOf('c10', await archiveOf(TINY))]
  expect(await library.import(both)).toEqual(['cifar10', 'cifar100'])
  const part = [...binFilesOf(TINY_100), ...renamed(TINY).slice(1)]
  await expect(library.import(part)).rejects.toMatchObject({
    code: 'archive-incomplete',
    message: expect.stringMatching(
      /^These 7 files: of the 6 files of CIFAR-10, 1 is missing \(test_batch\.bin\); get/,
    ),
  })
  expect(statuses.at(-1)).toMatchObject({ set: 'cifar100', state: 'ready' })
})

test.each([
  ['data_batch_1', '\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002U\u0015training batch 1 of 5q\u0003'],
  ['train', '\u0080\u0002}q\u0001(U\tfilenamesq\u0002]q\u0003(U\u0017bos_taurus_s_000507.png'],
])('%s of the Python version is called so, and the sentence says what to get', async (name, head) => {
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  const file = fileOf(name, Uint8Array.from(Buffer.from(head, 'latin1')))
  await expect(library.import([file])).rejects.toMatchObject({
    message: expect.stringMatching(
      /^\w+ is of the Python version of CIFAR, not a CIFAR archive\. Get the binary version: cifar-10-binary\.tar\.gz/,
    ),
  })
  await expect(library.import([file, file])).rejects.toMatchObject({
    message: expect.stringContaining('Python version; the binary one is needed'),
  })
})

test('a file that is gone by the time it is read is named, with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gone-'))
  const path = join(folder, 'data_batch_1.bin')
  await writeFile(path, TINY.files.get('data_batch_1.bin') ?? '')
  const file = new File([await openAsBlob(path)], 'data_batch_1.bin')
  await rm(folder, { recursive: true })
  const { store } = await openFreshStore()
  const { library } = await openPage(store, 'http://127.0.0.1:1/')
  await expect(library.import([file])).rejects.toMatchObject({
    code: 'file-unreadable',
    message:
      'data_batch_1.bin can no longer be read: it was moved, changed or deleted since it was chosen. Choose or drop it again.',
  })
})
