import { expect, test } from 'vitest'
import { type IsolationPorts, isolatePage, watchForTouch } from './isolate-page.ts'

/** What a tab remembers. */
function tabMemory(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>()
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) }
}

/** Loads a page on a host without the headers, and tells what it did. */
async function load(changes: Partial<IsolationPorts> = {}): Promise<string[]> {
  const done: string[] = []
  await isolatePage({
    isIsolated: false,
    register: async () => void done.push('register'),
    isInUse: () => false,
    memory: tabMemory(),
    reload: () => void done.push('reload'),
    ...changes,
  })
  return done
}

test('the page is reloaded once the service worker is there', async () => {
  expect(await load()).toEqual(['register', 'reload'])
})

test('a page that is isolated gets its service worker, and is not reloaded', async () => {
  expect(await load({ isIsolated: true })).toEqual(['register'])
})

test('a page that the reload did not isolate goes on, however often it is loaded', async () => {
  const memory = tabMemory()
  expect(await load({ memory })).toEqual(['register', 'reload'])
  expect(await load({ memory })).toEqual(['register'])
  expect(await load({ memory })).toEqual(['register'])
})

test('a page that has come into use meanwhile is not reloaded, and may be at its next visit', async () => {
  const memory = tabMemory()
  let isInUse = false
  const register = async () => {
    isInUse = true
  }
  expect(await load({ memory, register, isInUse: () => isInUse })).toEqual([])
  expect(await load({ memory })).toEqual(['register', 'reload'])
})

test.each(['pointerdown', 'keydown', 'drop'])('a person who begins with a %s has come to use it', (type) => {
  const page = new EventTarget()
  const isTouched = watchForTouch(page)
  expect(isTouched()).toBe(false)
  page.dispatchEvent(new Event(type))
  expect(isTouched()).toBe(true)
})

test('a service worker that is refused leaves the page as it is', async () => {
  expect(await load({ register: () => Promise.reject(new Error('SecurityError')) })).toEqual([])
})

test('a tab that cannot remember a reload is never reloaded', async () => {
  const full = {
    ...tabMemory(),
    setItem: () => {
      throw new Error('QuotaExceededError')
    },
  }
  expect(await load({ memory: null })).toEqual(['register'])
  expect(await load({ memory: full })).toEqual(['register'])
})
