// IndexedDB databases as text: what was stored, with versions, stores and key generators, so that a later page can be given
// the databases that an earlier one has left.
import { IDBFactory } from 'fake-indexeddb'
import { type IDBPDatabase, openDB } from 'idb'
import { z } from 'zod'

const keySchema = z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])
const keyPathSchema = z.union([z.string(), z.array(z.string())])

const storeSchema = z.strictObject({
  name: z.string(),
  keyPath: keyPathSchema.nullable(),
  /** What its key generator gives next; null where it has none. */
  nextKey: z.int().nullable(),
  indexes: z.array(
    z.strictObject({
      name: z.string(),
      keyPath: keyPathSchema,
      unique: z.boolean(),
      multiEntry: z.boolean(),
    }),
  ),
  /** Keys, and values as `encode` leaves them. */
  records: z.array(z.tuple([keySchema, z.unknown()])),
})

export const databaseDumpSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  stores: z.array(storeSchema),
})
export type DatabaseDump = z.infer<typeof databaseDumpSchema>
type StoreDump = DatabaseDump['stores'][number]

export async function dumpDatabases(): Promise<DatabaseDump[]> {
  const found = await indexedDB.databases()
  const names = found.flatMap(({ name }) => name ?? []).toSorted()
  return Promise.all(names.map(dumpDatabase))
}

async function dumpDatabase(name: string): Promise<DatabaseDump> {
  const database = await openDB(name)
  try {
    const stores: StoreDump[] = []
    for (const store of database.objectStoreNames) stores.push(await dumpStore(database, store))
    return { name, version: database.version, stores }
  } finally {
    database.close()
  }
}

async function dumpStore(database: IDBPDatabase, name: string): Promise<StoreDump> {
  const transaction = database.transaction(name, 'readonly')
  const { store } = transaction
  const { keyPath, autoIncrement } = store
  const indexes = [...store.indexNames].map((index) => {
    const { keyPath: path, unique, multiEntry } = store.index(index)
    return { name: index, keyPath: keyPathSchema.parse(path), unique, multiEntry }
  })
  const keys = z.array(keySchema).parse(await store.getAllKeys())
  const values: unknown[] = await store.getAll()
  await transaction.done
  return {
    name,
    keyPath: keyPathSchema.nullable().parse(keyPath),
    nextKey: autoIncrement ? await nextKeyOf(database, name) : null,
    indexes,
    records: keys.map((key, i) => [key, encode(values[i])]),
  }
}

/** A transaction that is aborted takes its key back. */
async function nextKeyOf(database: IDBPDatabase, name: string): Promise<number> {
  const transaction = database.transaction(name, 'readwrite')
  const aborted = transaction.done.catch(() => undefined)
  const key = await transaction.store.add({})
  transaction.abort()
  await aborted
  return z.int().parse(key)
}

/** Makes these the only databases there are. */
export async function restoreDatabases(dumps: readonly DatabaseDump[]): Promise<void> {
  globalThis.indexedDB = new IDBFactory()
  for (const dump of dumps) await restoreDatabase(dump)
}

async function restoreDatabase({ name, version, stores }: DatabaseDump): Promise<void> {
  const database = await openDB(name, version, {
    upgrade(created) {
      for (const { name: store, keyPath, nextKey, indexes } of stores) {
        const made = created.createObjectStore(store, { keyPath, autoIncrement: nextKey !== null })
        for (const { name: index, keyPath: path, ...options } of indexes)
          made.createIndex(index, path, options)
      }
    },
  })
  for (const { name: store, keyPath, nextKey, records } of stores) {
    for (const [key, value] of records) {
      await (keyPath === null ? database.put(store, decode(value), key) : database.put(store, decode(value)))
    }
    if (nextKey === null || nextKey === 1) continue
    // The generator goes on after the highest key that was ever given.
    const last = nextKey - 1
    if (records.some(([key]) => key === last)) continue
    await database.put(store, {}, last)
    await database.delete(store, last)
  }
  database.close()
}

const ARRAYS = { Uint8Array, Float32Array, Float64Array, Uint32Array, Int32Array } as const
const arraySchema = z.strictObject({
  $array: z.enum(['Uint8Array', 'Float32Array', 'Float64Array', 'Uint32Array', 'Int32Array']),
  base64: z.base64(),
})
const numberSchema = z.strictObject({ $number: z.enum(['NaN', 'Infinity', '-Infinity', '-0']) })
const plainObject = z.record(z.string(), z.unknown())

/** JSON, with arrays of numbers as base64 and the numbers that JSON has not by name. @throws TypeError for anything else */
function encode(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value
    const base64 = Buffer.from(buffer, byteOffset, byteLength).toString('base64')
    return arraySchema.parse({ $array: value.constructor.name, base64 })
  }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : String(value) }
  if (Array.isArray(value)) return value.map(encode)
  if (typeof value === 'object' && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError('not plain data')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encode(inner)]))
  }
  if (value === undefined) throw new TypeError('undefined is not plain data')
  return value
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const array = '$array' in value ? arraySchema.parse(value) : null
  // A copy, whose buffer begins where the array does.
  if (array) return new ARRAYS[array.$array](Uint8Array.from(Buffer.from(array.base64, 'base64')).buffer)
  if ('$number' in value) return Number(numberSchema.parse(value).$number)
  return Object.fromEntries(
    Object.entries(plainObject.parse(value)).map(([key, inner]) => [key, decode(inner)]),
  )
}
