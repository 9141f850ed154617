// Finished whitenings in IndexedDB, 37.8 MB each: they take minutes, and a set-up is trained more than once.
import { sha256 } from 'hash-wasm'
import { type DBSchema, openDB } from 'idb'
import { IMAGE_BYTES } from '../base/data-set.ts'
import { createConnection } from '../data/store/connection.ts'
import type { Whitening } from '../engine/engine.ts'

/** A whitening and what it took. */
export type KeptWhitening = Whitening & { readonly seconds: number }

export type WhiteningStore = {
  /** Null where there is none, or where what is there is not what was written. */
  read(key: string): Promise<KeptWhitening | null>
  /** Drops the oldest where there are too many. @throws whatever the browser says of its storage */
  write(key: string, whitening: KeptWhitening): Promise<void>
}

type Entry = KeptWhitening & { readonly digest: string; readonly writtenAt: number }

interface Schema extends DBSchema {
  whitenings: { key: string; value: Entry; indexes: { writtenAt: number } }
}

/** 151 MB at most. */
const KEPT = 4

/** @throws whatever the browser says where it forbids storage */
export async function openWhiteningStore(
  name = 'residual-lab-whitening',
  { now = Date.now, most = KEPT }: { readonly now?: () => number; readonly most?: number } = {},
): Promise<WhiteningStore> {
  const connection = createConnection<Schema>((onClose) =>
    openDB<Schema>(name, 1, {
      upgrade(created) {
        created.createObjectStore('whitenings').createIndex('writtenAt', 'writtenAt')
      },
      blocking: onClose,
      terminated: onClose,
    }),
  )
  await connection.use(() => undefined)
  return {
    async read(key) {
      const entry = await connection.use((database) => database.get('whitenings', key)).catch(() => undefined)
      if (!entry || !(await isWhole(entry))) return null
      const { matrix, mean, seconds } = entry
      return { matrix, mean, seconds }
    },
    async write(key, { matrix, mean, seconds }) {
      const digest = await digestOf({ matrix, mean })
      const transaction = await connection.use((database) => database.transaction('whitenings', 'readwrite'))
      const { store } = transaction
      const put = async () => {
        await store.put({ matrix, mean, seconds, digest, writtenAt: now() }, key)
        const keys = await store.index('writtenAt').getAllKeys()
        for (const old of keys.slice(0, -most)) await store.delete(old)
      }
      await Promise.all([put(), transaction.done])
    },
  }
}

async function isWhole(entry: Entry): Promise<boolean> {
  const { matrix, mean, digest } = entry
  if (!(matrix instanceof Float32Array) || matrix.length !== IMAGE_BYTES ** 2) return false
  if (!(mean instanceof Float32Array) || mean.length !== IMAGE_BYTES) return false
  return (await digestOf(entry)) === digest
}

async function digestOf({ matrix, mean }: Whitening): Promise<string> {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength)
  return `${await sha256(bytes(matrix))} ${await sha256(bytes(mean))}`
}
