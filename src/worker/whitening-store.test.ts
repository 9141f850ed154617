import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import { IMAGE_BYTES } from '../base/data-set.ts'
import { openWhiteningStore } from './whitening-store.ts'

const whitening = (first: number) => {
  const matrix = new Float32Array(IMAGE_BYTES ** 2)
  matrix[0] = first
  return { matrix, mean: new Float32Array(IMAGE_BYTES).fill(first), seconds: 12 }
}

async function change(name: string, key: string, to: (entry: object) => object): Promise<void> {
  const database = await openDB(name)
  const entry: unknown = await database.get('whitenings', key)
  if (typeof entry !== 'object' || entry === null) throw new Error('nothing is stored')
  await database.put('whitenings', to(entry), key)
  database.close()
}

test('a whitening is there when the page opens again, and another key has none', async () => {
  await (await openWhiteningStore('whitenings-again')).write('a', whitening(7))
  const reopened = await openWhiteningStore('whitenings-again')
  const found = await reopened.read('a')
  expect(found?.matrix[0]).toBe(7)
  expect(found?.mean).toEqual(whitening(7).mean)
  expect(found?.seconds).toBe(12)
  expect(await reopened.read('b')).toBeNull()
})

test('what is not what was written is none', async () => {
  const store = await openWhiteningStore('damaged')
  await store.write('a', whitening(1))
  await change('damaged', 'a', (entry) => ({ ...entry, mean: whitening(2).mean }))
  expect(await store.read('a')).toBeNull()
  await change('damaged', 'a', (entry) => ({ ...entry, matrix: new Float32Array(5) }))
  expect(await store.read('a')).toBeNull()
})

test('only the newest are kept', async () => {
  let now = 0
  const store = await openWhiteningStore('many', { now: () => now++, most: 1 })
  for (const key of ['b', 'a']) await store.write(key, whitening(now))
  expect(await store.read('b')).toBeNull()
  expect((await store.read('a'))?.matrix[0]).toBe(1)
})
