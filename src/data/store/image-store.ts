// Verified images in IndexedDB. A set is replaced as a whole or not at all: a writer fills a generation of its own,
// and one last transaction makes that generation the set's.
import { AppError } from '../../base/app-error.ts'
import { DATA_SET_IDS, DATA_SETS, type DataSetId, IMAGE_BYTES, type Split } from '../../base/data-set.ts'
import { type Database, type Manifest, connectDatabase, transact } from './database.ts'
import { createDownloadStore, type DownloadStore } from './download-store.ts'
import { type ImagePage, pageIndices } from './image-page.ts'
import type { ImageSet } from '../image-set.ts'
import { createImageWriter, deleteGeneration, type ImageWriter, type WriterShape } from './image-writer.ts'
import { type AcquireLock, type Release, tabLocks } from '../tab-lock.ts'

/** Every method throws AppError `storage-full` or `storage-failed`; `load` and `page` also `data-set-absent`. */
export type ImageStore = {
  readonly downloads: DownloadStore
  manifest(set: DataSetId): Promise<Manifest | null>
  /** The right to write a set, which one tab has at a time; null where another has it. */
  claim(set: DataSetId): Promise<Release | null>
  /** Only under a claim. What was stored stays until the writer publishes. */
  writer(set: DataSetId, shape: WriterShape): Promise<ImageWriter>
  /** The first `limit` images of a split; null for all. */
  load(set: DataSetId, split: Split, limit: number | null): Promise<ImageSet>
  /** Images of one class, or of all where `label` is null, `offset` of them skipped. */
  page(set: DataSetId, split: Split, label: number | null, offset: number, count: number): Promise<ImagePage>
  remove(set: DataSetId): Promise<void>
  close(): void
}

/**
 * Opens the store, and sweeps up what a tab that ended while it was writing has left. Where the browser refuses storage
 * the store is there, and each use of it says so.
 */
export async function openImageStore(
  name = 'residual-lab-images',
  acquireLock: AcquireLock = tabLocks(),
): Promise<ImageStore> {
  const database = connectDatabase(name)
  const claim = (set: DataSetId) => acquireLock(`${name}/${set}`)
  // What cannot be swept now is swept at the next visit.
  await sweep(database, claim).catch(() => undefined)
  return {
    downloads: createDownloadStore(database),
    claim,
    async manifest(set) {
      const manifest = await transact(database, ['manifests'], 'readonly', reading(set), (transaction) =>
        transaction.objectStore('manifests').get(set),
      )
      return manifest ?? null
    },
    writer: (set, shape) => createImageWriter(database, set, shape),
    load: (set, split, limit) => load(database, set, split, limit),
    page: (set, split, label, offset, count) => page(database, set, split, label, offset, count),
    remove: (set) =>
      transact(
        database,
        ['manifests', 'chunks', 'labels'],
        'readwrite',
        `removing ${DATA_SETS[set].title}`,
        async (tx) => {
          const manifest = await tx.objectStore('manifests').get(set)
          if (!manifest) return
          await tx.objectStore('manifests').delete(set)
          await deleteGeneration(tx, manifest.generation)
        },
      ),
    close: () => database.close(),
  }
}

async function sweep(database: Database, claim: ImageStore['claim']): Promise<void> {
  for (const set of DATA_SET_IDS) {
    const release = await claim(set)
    if (!release) continue // another tab is writing it
    try {
      await transact(
        database,
        ['generations', 'chunks', 'labels'],
        'readwrite',
        `tidying up ${DATA_SETS[set].title}`,
        async (transaction) => {
          const generations = transaction.objectStore('generations')
          for (const generation of await generations.getAllKeys()) {
            if ((await generations.get(generation))?.set !== set) continue
            await deleteGeneration(transaction, generation)
            await generations.delete(generation)
          }
        },
      )
    } finally {
      release()
    }
  }
}

function load(database: Database, set: DataSetId, split: Split, limit: number | null): Promise<ImageSet> {
  return transact(
    database,
    ['manifests', 'labels', 'chunks'],
    'readonly',
    reading(set),
    async (transaction) => {
      const manifest = present(set, await transaction.objectStore('manifests').get(set))
      const count = Math.min(limit ?? Infinity, manifest.images[split])
      const labels = await transaction.objectStore('labels').get([manifest.generation, split])
      const pixels = new Uint8Array(count * IMAGE_BYTES)
      const chunks = transaction.objectStore('chunks')
      let read = 0
      for (const key of await chunks.getAllKeys(chunksBelow(manifest.generation, split, count))) {
        const chunk = await chunks.get(key)
        if (!chunk || key[2] !== read) throw damaged(set)
        const wanted = Math.min(chunk.count, count - read)
        pixels.set(chunk.pixels.subarray(0, wanted * IMAGE_BYTES), read * IMAGE_BYTES)
        read += wanted
      }
      if (read < count || !labels) throw damaged(set)
      return { count, pixels, labels: labels.fine.slice(0, count), classNames: manifest.classNames }
    },
  )
}

function page(
  database: Database,
  set: DataSetId,
  split: Split,
  label: number | null,
  offset: number,
  count: number,
): Promise<ImagePage> {
  return transact(
    database,
    ['manifests', 'labels', 'chunks'],
    'readonly',
    reading(set),
    async (transaction) => {
      const manifest = present(set, await transaction.objectStore('manifests').get(set))
      const stored = await transaction.objectStore('labels').get([manifest.generation, split])
      if (!stored) throw damaged(set)
      const { indices, total } = pageIndices(stored.fine, label, offset, count)
      const pixels = new Uint8Array(indices.length * IMAGE_BYTES)
      const chunks = transaction.objectStore('chunks')
      const below = chunksBelow(manifest.generation, split, manifest.images[split])
      const firsts = (await chunks.getAllKeys(below)).map(([, , first]) => first)
      let chunkAt = -1
      let chunkPixels = new Uint8Array()
      for (const [at, index] of indices.entries()) {
        const first = firsts.findLast((candidate) => candidate <= index) ?? 0
        if (first !== chunkAt) {
          const chunk = await chunks.get([manifest.generation, split, first])
          if (!chunk) throw damaged(set)
          chunkAt = first
          chunkPixels = chunk.pixels
        }
        const from = (index - first) * IMAGE_BYTES
        pixels.set(chunkPixels.subarray(from, from + IMAGE_BYTES), at * IMAGE_BYTES)
      }
      return { indices, labels: indices.map((index) => stored.fine[index] ?? 0), pixels, total }
    },
  )
}

function chunksBelow(generation: number, split: Split, count: number): IDBKeyRange {
  return IDBKeyRange.bound([generation, split, 0], [generation, split, count], false, true)
}

function reading(set: DataSetId): string {
  return `reading ${DATA_SETS[set].title}`
}

function present(set: DataSetId, manifest: Manifest | undefined): Manifest {
  if (manifest) return manifest
  throw new AppError(
    'data-set-absent',
    `${DATA_SETS[set].title} is not stored in this browser; get it, or drop its archive on the page.`,
  )
}

function damaged(set: DataSetId): AppError {
  return new AppError(
    'storage-failed',
    `${DATA_SETS[set].title} is damaged in this browser's storage: some of its images are missing; remove it and get ` +
      'it again.',
  )
}
