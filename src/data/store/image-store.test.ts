import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, expect, test, vi } from 'vitest'
import { IMAGE_BYTES } from '../../base/data-set.ts'
import type { ImageChunk } from '../cifar/cifar-records.ts'
import { openImageStore, type ImageStore } from './image-store.ts'
import { threadLocks } from '../tab-lock.ts'
import { databaseContents } from '../../testing/data/database-contents.ts'
import { openFreshStore } from '../../testing/data/open-fresh-store.ts'

afterEach(() => vi.restoreAllMocks())

const SHAPE = { images: { train: 10, test: 4 }, classNames: ['even', 'odd'], coarseNames: ['low', 'high'] }

/** Images `first` … of a split, their pixels all `first + index + shade`, their labels even or odd. */
function chunkOf(first: number, count: number, shade: number): ImageChunk {
  const indices = Array.from({ length: count }, (_, at) => first + at)
  return {
    count,
    pixels: Uint8Array.from(
      { length: count * IMAGE_BYTES },
      (_, at) => first + Math.floor(at / IMAGE_BYTES) + shade,
    ),
    labels: Uint8Array.from(indices, (index) => index % 2),
    coarseLabels: Uint8Array.from(indices, (index) => (index < 5 ? 0 : 1)),
  }
}

async function fill(store: ImageStore, shade = 0) {
  const writer = await store.writer('cifar10', SHAPE)
  await writer.add('train', 4, chunkOf(4, 6, shade))
  await writer.add('train', 0, chunkOf(0, 4, shade))
  await writer.add('test', 0, chunkOf(0, 4, shade))
  return writer
}

const shadeOf = async (store: ImageStore) => (await store.load('cifar10', 'train', 1)).pixels[0]

test('published images are loaded in the order of the split, whatever the order they came in', async () => {
  const { store } = await openFreshStore()
  await (await fill(store)).publish()
  const train = await store.load('cifar10', 'train', null)
  expect(train.count).toBe(10)
  expect([...train.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect(Array.from({ length: 10 }, (_, image) => train.pixels[image * IMAGE_BYTES])).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ])
  expect(train.classNames).toEqual(['even', 'odd'])
  expect((await store.load('cifar10', 'test', null)).count).toBe(4)
})

test('a limit gives the first images, across chunks and beyond the end', async () => {
  const { store } = await openFreshStore()
  await (await fill(store)).publish()
  const some = await store.load('cifar10', 'train', 5)
  expect(some.labels).toHaveLength(5)
  expect(some.pixels).toHaveLength(5 * IMAGE_BYTES)
  expect(some.pixels[4 * IMAGE_BYTES]).toBe(4)
  expect((await store.load('cifar10', 'train', 99)).count).toBe(10)
})

test('coarse labels are kept beside the labels', async () => {
  const { store, name } = await openFreshStore()
  await (await fill(store)).publish()
  const database = await openDB(name)
  const stored: { coarse: Uint8Array }[] = await database.getAll('labels')
  expect(stored.map(({ coarse }) => coarse.join(''))).toContain('0000011111')
})

test('a page holds the images of one class, skips those before it, and counts all', async () => {
  const { store } = await openFreshStore()
  await (await fill(store)).publish()
  const odd = await store.page('cifar10', 'train', 1, 1, 3)
  expect(odd).toMatchObject({ indices: [3, 5, 7], labels: [1, 1, 1], total: 5 })
  expect([0, 1, 2].map((image) => odd.pixels[image * IMAGE_BYTES])).toEqual([3, 5, 7])
  expect(await store.page('cifar10', 'test', null, 2, 50)).toMatchObject({ indices: [2, 3], total: 4 })
  expect(await store.page('cifar10', 'train', 0, 50, 50)).toMatchObject({ indices: [], total: 5 })
})

test('a set that was never stored is absent, and says what to do', async () => {
  const { store } = await openFreshStore()
  expect(await store.manifest('cifar10')).toBeNull()
  await expect(store.load('cifar10', 'train', null)).rejects.toMatchObject({
    code: 'data-set-absent',
    message: 'CIFAR-10 is not stored in this browser; get it, or drop its archive on the page.',
  })
})

test('until it is published a new generation changes nothing; then it replaces the old one and leaves none of it', async () => {
  const { store, name } = await openFreshStore()
  await (await fill(store, 0)).publish()
  const records = (await databaseContents(name)).length
  const writer = await fill(store, 100)
  expect(await shadeOf(store)).toBe(0)
  await writer.publish()
  expect(await shadeOf(store)).toBe(100)
  expect(await databaseContents(name)).toHaveLength(records)
})

test('a discarded generation leaves the database as it was', async () => {
  const { store, name } = await openFreshStore()
  await (await fill(store, 0)).publish()
  const before = await databaseContents(name)
  await (await fill(store, 100)).discard()
  expect(await databaseContents(name)).toEqual(before)
})

test('what a crash left half-written is swept up when the store is opened again', async () => {
  const { store, name, reopen } = await openFreshStore()
  await (await fill(store, 0)).publish()
  const before = await databaseContents(name)
  await fill(store, 100)
  expect((await databaseContents(name)).length).toBeGreaterThan(before.length)
  const reloaded = await reopen()
  expect(await databaseContents(name)).toEqual(before)
  expect(await shadeOf(reloaded)).toBe(0)
})

test('a second tab does not sweep up what the first is writing, nor may it write the same set', async () => {
  const locks = threadLocks()
  const first = await openImageStore('two-tabs', locks)
  const release = await first.claim('cifar10')
  const writer = await fill(first)
  const second = await openImageStore('two-tabs', locks)
  expect(await second.claim('cifar10')).toBeNull()
  expect(await second.claim('cifar100')).not.toBeNull()
  await writer.publish()
  release?.()
  expect((await second.load('cifar10', 'train', null)).count).toBe(10)
  expect(await second.claim('cifar10')).not.toBeNull()
})

test('a generation that was swept up all the same is not published', async () => {
  const { store, reopen } = await openFreshStore()
  const writer = await fill(store)
  await reopen()
  await expect(writer.publish()).rejects.toMatchObject({ code: 'storage-failed' })
  expect(await store.manifest('cifar10')).toBeNull()
})

test('removing a set leaves nothing of it', async () => {
  const { store, name } = await openFreshStore()
  await (await fill(store)).publish()
  await store.remove('cifar10')
  expect(await databaseContents(name)).toEqual([])
})

test('a full storage is reported with what is needed, and what was stored before stays', async () => {
  const { store, name } = await openFreshStore()
  await (await fill(store, 0)).publish()
  const before = await databaseContents(name)
  const writer = await store.writer('cifar10', SHAPE)
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  await expect(writer.add('train', 0, chunkOf(0, 4, 100))).rejects.toMatchObject({
    code: 'storage-full',
    message: expect.stringMatching(
      /^The browser's storage is full while storing CIFAR-10 \(0\.0 MB in all\)/,
    ),
  })
  vi.restoreAllMocks()
  await writer.discard()
  expect(await databaseContents(name)).toEqual(before)
})

test('a storage that fills up only when the transaction is written is reported as full too', async () => {
  const { store } = await openFreshStore()
  const writer = await store.writer('cifar10', SHAPE)
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 900e6, quota: 1_000e6 }) } })
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore) {
    const request = this.get(0)
    Object.defineProperty(this.transaction, 'error', {
      value: new DOMException('full', 'QuotaExceededError'),
    })
    this.transaction.abort()
    return request
  })
  await expect(writer.add('train', 0, chunkOf(0, 4, 0))).rejects.toMatchObject({
    code: 'storage-full',
    message: expect.stringContaining(
      'it holds 900.0 MB of the 1000.0 MB that this page may use; free disk space',
    ),
  })
  vi.unstubAllGlobals()
})

test('images that have gone missing are not passed off as a set', async () => {
  const { store } = await openFreshStore()
  const writer = await store.writer('cifar10', SHAPE)
  await writer.add('train', 0, chunkOf(0, 4, 0))
  await writer.publish()
  await expect(store.load('cifar10', 'train', null)).rejects.toMatchObject({ code: 'storage-failed' })
})

test('a database of a newer version of the page is left alone', async () => {
  const { name, store } = await openFreshStore()
  store.close()
  ;(await openDB(name, 99)).close()
  const older = await openImageStore(name)
  await expect(older.manifest('cifar10')).rejects.toMatchObject({ code: 'storage-refused' })
})
