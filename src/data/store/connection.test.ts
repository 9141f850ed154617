import 'fake-indexeddb/auto'
import { forceCloseDatabase } from 'fake-indexeddb'
import { type DBSchema, type IDBPDatabase, openDB, unwrap } from 'idb'
import { afterEach, expect, test, vi } from 'vitest'
import { type Connection, createConnection } from './connection.ts'

afterEach(() => vi.restoreAllMocks())

interface Schema extends DBSchema {
  words: { key: string; value: string }
}

/** A connection, and the databases that it has opened. */
function connect(name: string, hears = true) {
  const opened: IDBPDatabase<Schema>[] = []
  const connection: Connection<Schema> = createConnection(async (onClose) => {
    const database = await openDB<Schema>(name, 1, {
      upgrade: (created) => void created.createObjectStore('words'),
      ...(hears && { terminated: onClose, blocking: onClose }),
    })
    opened.push(database)
    return database
  })
  return { connection, opened }
}

test.each([
  ['says so', true],
  ['says nothing', false],
])('a database that the browser has closed and %s is opened at the next use', async (_, hears) => {
  const { connection, opened } = connect(`closed ${hears}`, hears)
  await connection.use((database) => database.put('words', 'before', 'a'))
  const [first] = opened
  if (!first) throw new Error('nothing was opened')
  // oxlint-disable-next-line no-unsafe-type-assertion -- what idb wraps is fake-indexeddb's
  forceCloseDatabase(unwrap(first) as unknown as Parameters<typeof forceCloseDatabase>[0])
  expect(await connection.use((database) => database.get('words', 'a'))).toBe('before')
  expect(opened).toHaveLength(2)
})

test('a connection makes way for another schema, and is used no longer', async () => {
  const { connection } = connect('newer')
  await connection.use((database) => database.put('words', 'before', 'a'))
  const newer = await openDB('newer', 2)
  await expect(connection.use((database) => database.get('words', 'a'))).rejects.toThrow(/version/)
  newer.close()
})

test('a browser that refuses storage is asked again at the next use', async () => {
  const { connection } = connect('refused')
  const refusal = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('forbidden', 'SecurityError')
  })
  await expect(connection.use((database) => database.get('words', 'a'))).rejects.toThrow('forbidden')
  refusal.mockRestore()
  expect(await connection.use((database) => database.get('words', 'a'))).toBeUndefined()
})
