import { sha256 } from 'hash-wasm'
import { openDB } from 'idb'

/** Everything in a database: a line for every record, with its key and a digest of its value. */
export async function databaseContents(name: string): Promise<string[]> {
  const database = await openDB(name)
  const lines: string[] = []
  for (const store of database.objectStoreNames) {
    for (const key of await database.getAllKeys(store)) {
      const value: unknown = await database.get(store, key)
      lines.push(
        `${store} ${JSON.stringify(key)} ${(await sha256(JSON.stringify(value, bytesAsText))).slice(0, 16)}`,
      )
    }
  }
  database.close()
  return lines
}

function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value
}
