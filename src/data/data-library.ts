// All data sets of this browser: what is there, what is on its way, and their images. The worker's one way to data.
import { AppError, toFailure } from '../base/app-error.ts'
import { DATA_SET_IDS, DATA_SETS, type DataSetId, type Split } from '../base/data-set.ts'
import type { DataSetStatus } from '../contract/events.ts'
import { fetchAndUnpack, unpack } from './acquire.ts'
import { BUILTIN_CLASS_NAMES, createBuiltinSet } from './builtin-set.ts'
import { CIFAR_FORMATS, type CifarFormat } from './cifar/cifar-format.ts'
import type { Fetch } from './download.ts'
import { sourceOfFile } from '../files/byte-source.ts'
import { type ImagePage, pageOf } from './store/image-page.ts'
import type { ImageSet } from './image-set.ts'
import type { ImageStore } from './store/image-store.ts'
import { describeSources, filesOf, incomplete, recogniseFiles } from './cifar/recognise-files.ts'
import { createSetJobs } from './set-jobs.ts'
import { createStatusBoard } from './status-board.ts'

export type DataLibraryPorts = {
  readonly store: ImageStore
  readonly fetch: Fetch
  /** Milliseconds. */
  readonly elapsed: () => number
  readonly emit: (status: DataSetStatus) => void
  /** Where archives are without a mirror: an address that ends in a slash. */
  readonly defaultBase: string
  /** What can be fetched and imported; tests have sets of a few images. */
  readonly formats?: readonly CifarFormat[]
  readonly retryDelaysMs?: readonly number[]
}

export type DataLibrary = {
  /** Says the state of every set; a download that a reload has interrupted is paused. */
  open(): Promise<void>
  /**
   * Begins or continues a download, then unpacks it. Returns at once: progress and failures are in the set's status.
   * Does nothing where work on the set is under way.
   * @param url an archive, or a folder of archives (ending in a slash); null to continue from where it came, or to begin
   *   from the default place
   */
  fetch(set: DataSetId, url: string | null): void
  /** Ends a download and keeps what has arrived; resolves when it has ended. An unpacking goes on. */
  pause(set: DataSetId): Promise<void>
  /** Ends a download or an unpacking and drops what it had; what was stored before stays. */
  cancel(set: DataSetId): Promise<void>
  /**
   * Stores the sets that are whole among files: archives (.tar.gz, .tar, .zip) and .bin files, whatever they are called.
   * @throws AppError as `recogniseFiles` and `ingest` do, after the sets that are whole; `aborted` where it was cancelled
   */
  import(files: readonly File[]): Promise<DataSetId[]>
  /** The set, and a download of it. */
  remove(set: DataSetId): Promise<void>
  /** The first `limit` images of a split; null for all. @throws AppError `data-set-absent` */
  load(set: DataSetId, split: Split, limit: number | null): Promise<ImageSet>
  /** Images of one class, or of all where `label` is null, `offset` of them skipped. @throws AppError `data-set-absent` */
  page(set: DataSetId, split: Split, label: number | null, offset: number, count: number): Promise<ImagePage>
}

const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000]

export function createDataLibrary(ports: DataLibraryPorts): DataLibrary {
  const { store, formats = CIFAR_FORMATS, retryDelaysMs = RETRY_DELAYS_MS } = ports
  const board = createStatusBoard(ports.emit, ports.elapsed)
  const jobs = createSetJobs(
    (set) => store.claim(set),
    (set, failure) => restOf(store, set, failure),
    (set, rest) => board.show(set, rest),
  )
  const acquiring = { ...ports, board, retryDelaysMs }
  const builtin = createBuiltinSet()

  return {
    async open() {
      for (const set of DATA_SET_IDS) board.show(set, await restOf(store, set, null))
    },
    fetch(set, url) {
      const format = formats.find((candidate) => candidate.set === set)
      if (!format || jobs.isBusy(set)) return
      // A failure is in the status.
      void jobs.run(set, (signal) => fetchAndUnpack(format, url, signal, acquiring)).catch(() => undefined)
    },
    async pause(set) {
      if (board.status(set).state !== 'unpacking') await jobs.end(set)
    },
    async cancel(set) {
      await jobs.end(set)
      await jobs.run(set, () => store.downloads.drop(set))
    },
    async import(files) {
      const sources = files.map(sourceOfFile)
      const given = describeSources(sources)
      const found = await recogniseFiles(sources, formats)
      const whole = found.filter(({ missing }) => missing.length === 0)
      for (const each of whole) {
        const { format } = each
        if (board.status(format.set).state !== 'unpacking') await jobs.end(format.set)
        await jobs.run(format.set, (signal) =>
          unpack(format, filesOf(sources, each), given, signal, acquiring),
        )
      }
      const part = found.find(({ missing }) => missing.length > 0)
      if (part) throw incomplete(part, given)
      return whole.map(({ format }) => format.set)
    },
    async remove(set) {
      await jobs.end(set)
      await jobs.run(set, async () => {
        await store.downloads.drop(set)
        await store.remove(set)
      })
    },
    async load(set, split, limit) {
      if (set !== 'builtin') return store.load(set, split, limit)
      return builtin.first(split, limit ?? Infinity)
    },
    async page(set, split, label, offset, count) {
      if (set !== 'builtin') return store.page(set, split, label, offset, count)
      return pageOf(builtin.first(split, Infinity), label, offset, count)
    },
  }
}

/** The status of a set while nothing is under way. */
async function restOf(store: ImageStore, set: DataSetId, failure: unknown): Promise<Partial<DataSetStatus>> {
  if (set === 'builtin') {
    return { state: 'ready', images: DATA_SETS.builtin.images, classNames: [...BUILTIN_CLASS_NAMES] }
  }
  try {
    const [manifest, archive] = [await store.manifest(set), await store.downloads.find(set)]
    return {
      state: archive ? 'paused' : manifest ? 'ready' : 'absent',
      bytes: archive?.bytes ?? 0,
      totalBytes: archive?.totalBytes ?? null,
      images: manifest?.images ?? { train: 0, test: 0 },
      classNames: [...(manifest?.classNames ?? [])],
      failure: failure === null ? null : toFailure(failure),
    }
  } catch (error) {
    // That nothing can be stored is said once, of the runs; and here by what asks for storage.
    const isRefused = error instanceof AppError && error.code === 'storage-refused'
    if (failure === null && isRefused) return { state: 'absent', failure: null }
    return { state: 'absent', failure: toFailure(failure ?? error) }
  }
}
