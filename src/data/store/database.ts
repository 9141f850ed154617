// The IndexedDB database of images and unfinished downloads: its schema.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { AppError } from '../../base/app-error.ts'
import type { DataSetId, Split } from '../../base/data-set.ts'
import { type Connection, createConnection } from './connection.ts'
import { transactor } from './transactor.ts'

/** What is stored of a set. It is written last, so that images without a manifest were never there. */
export type Manifest = {
  readonly set: DataSetId
  readonly generation: number
  readonly images: Readonly<Record<Split, number>>
  readonly classNames: readonly string[]
  readonly coarseNames: readonly string[] | null
}

/** An archive that is on its way, or whole and not unpacked yet. Its bytes are the parts. */
export type DownloadRecord = {
  readonly url: string
  /** Bytes stored so far. */
  readonly bytes: number
  /** Null where the server did not say. */
  readonly totalBytes: number | null
  readonly complete: boolean
  /** Whether the server packs the archive for its way: what arrives is then no part of what a range asks for. */
  readonly isEncoded?: boolean
  /** What identifies the file's version on the server. */
  readonly etag: string | null
  readonly lastModified: string | null
}

type Generation = number
type Bytes = Uint8Array<ArrayBuffer>

export interface Schema extends DBSchema {
  manifests: { key: DataSetId; value: Manifest }
  /** Those being written. One that is not, and has no manifest, is what a crash left behind. */
  generations: { key: Generation; value: { set: DataSetId } }
  /** By the place of the chunk's first image in its split. */
  chunks: { key: [Generation, Split, number]; value: { count: number; pixels: Bytes } }
  labels: { key: [Generation, Split]; value: { fine: Bytes; coarse: Bytes | null } }
  downloads: { key: DataSetId; value: DownloadRecord }
  /** By the part's offset in the archive. */
  parts: { key: [DataSetId, number]; value: Bytes }
}

export type Database = Connection<Schema>

const SCHEMA_VERSION = 1

/** Its use throws AppError `storage-refused` where the browser forbids storage, or a newer page has changed the schema. */
export function connectDatabase(name: string): Database {
  return createConnection((onClose) => openDatabase(name, onClose))
}

async function openDatabase(name: string, onClose: () => void): Promise<IDBPDatabase<Schema>> {
  try {
    return await openDB<Schema>(name, SCHEMA_VERSION, {
      upgrade(created, oldVersion) {
        if (oldVersion < 1) {
          created.createObjectStore('manifests')
          created.createObjectStore('generations', { autoIncrement: true })
          created.createObjectStore('chunks')
          created.createObjectStore('labels')
          created.createObjectStore('downloads')
          created.createObjectStore('parts')
        }
      },
      // A newer page in another tab wants to change the schema: make way for it.
      blocking: onClose,
      terminated: onClose,
    })
  } catch (error) {
    throw new AppError(
      'storage-refused',
      'This browser does not let the page store images (a private window, a storage setting, or a newer version of the ' +
        'page in another tab); allow it, or reload. The built-in set works without.',
      { cause: error },
    )
  }
}

export const transact = transactor<Schema>()
