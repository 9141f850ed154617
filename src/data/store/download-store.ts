// Archives on their way, kept so that a cut connection, a pause or a reload costs nothing that has arrived.
import { DATA_SETS, type DataSetId } from '../../base/data-set.ts'
import { type Database, type DownloadRecord, transact } from './database.ts'

export type DownloadStore = {
  find(set: DataSetId): Promise<DownloadRecord | null>
  /** Begins from nothing; drops what was there. */
  begin(
    set: DataSetId,
    source: Pick<DownloadRecord, 'url' | 'totalBytes' | 'isEncoded' | 'etag' | 'lastModified'>,
  ): Promise<void>
  /** The archive's next bytes; they are on disk when this returns. */
  append(set: DataSetId, part: Uint8Array<ArrayBuffer>): Promise<void>
  /** The archive is whole. */
  finish(set: DataSetId): Promise<void>
  /** All bytes so far, in order, one part in memory at a time. */
  read(set: DataSetId): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>
  drop(set: DataSetId): Promise<void>
}

/** Every method throws AppError `storage-full` or `storage-failed`. */
export function createDownloadStore(database: Database): DownloadStore {
  const partsOf = (set: DataSetId) => IDBKeyRange.bound([set], [set, []])
  const keeping = (set: DataSetId) => `keeping the archive of ${DATA_SETS[set].title}`
  const reading = (set: DataSetId) => `reading the archive of ${DATA_SETS[set].title}`

  async function find(set: DataSetId): Promise<DownloadRecord | null> {
    const record = await transact(database, ['downloads'], 'readonly', reading(set), (transaction) =>
      transaction.objectStore('downloads').get(set),
    )
    return record ?? null
  }

  async function begun(set: DataSetId): Promise<DownloadRecord> {
    const record = await find(set)
    if (!record) throw new Error(`no download of ${set} was begun`)
    return record
  }

  return {
    find,
    begin: (set, source) =>
      transact(database, ['downloads', 'parts'], 'readwrite', keeping(set), async (transaction) => {
        await transaction.objectStore('parts').delete(partsOf(set))
        await transaction.objectStore('downloads').put({ ...source, bytes: 0, complete: false }, set)
      }),
    async append(set, part) {
      const record = await begun(set)
      const work = { doing: keeping(set), neededBytes: record.totalBytes }
      await transact(database, ['downloads', 'parts'], 'readwrite', work, async (transaction) => {
        await transaction.objectStore('parts').put(part, [set, record.bytes])
        await transaction.objectStore('downloads').put({ ...record, bytes: record.bytes + part.length }, set)
      })
    },
    async finish(set) {
      const record = await begun(set)
      await transact(database, ['downloads'], 'readwrite', keeping(set), async (transaction) => {
        const whole = { ...record, complete: true, totalBytes: record.bytes }
        await transaction.objectStore('downloads').put(whole, set)
      })
    },
    async *read(set) {
      const keys = await transact(database, ['parts'], 'readonly', reading(set), (transaction) =>
        transaction.objectStore('parts').getAllKeys(partsOf(set)),
      )
      for (const key of keys) {
        const part = await transact(database, ['parts'], 'readonly', reading(set), (transaction) =>
          transaction.objectStore('parts').get(key),
        )
        if (part) yield part
      }
    },
    drop: (set) =>
      transact(database, ['downloads', 'parts'], 'readwrite', keeping(set), async (transaction) => {
        await transaction.objectStore('parts').delete(partsOf(set))
        await transaction.objectStore('downloads').delete(set)
      }),
  }
}
