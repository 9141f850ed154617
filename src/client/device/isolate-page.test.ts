import { expect, test } from 'vitest'
import { type IsolationFacts, type IsolationPorts, isolatePage, needsServiceWorker } from './isolate-page.ts'

const STATIC_HOST: IsolationFacts = {
  isProduction: true,
  isSecureContext: true,
  isIsolated: false,
  hasServiceWorkers: true,
}

/** What a tab remembers. */
function tabMemory(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>()
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) }
}

/** Loads a page, and tells what it did. */
async function load(changes: Partial<IsolationPorts> = {}): Promise<string[]> {
  const done: string[] = []
  await isolatePage({
    facts: STATIC_HOST,
    register: async () => void done.push('register'),
    isInUse: () => false,
    memory: tabMemory(),
    reload: () => void done.push('reload'),
    ...changes,
  })
  return done
}

test('a built page on a secure host without the headers needs the service worker', () => {
  expect(needsServiceWorker(STATIC_HOST)).toBe(true)
})

const NOT_NEEDED: [string, Partial<IsolationFacts>][] = [
  ['in development', { isProduction: false }],
  ['over plain http', { isSecureContext: false }],
  ['where the page is isolated', { isIsolated: true }],
  ['in a browser without service workers', { hasServiceWorkers: false }],
]

test.each(NOT_NEEDED)('%s nothing is registered and nothing reloaded', async (_, fact) => {
  const facts = { ...STATIC_HOST, ...fact }
  expect(needsServiceWorker(facts)).toBe(false)
  expect(await load({ facts })).toEqual([])
})

test('the page is reloaded once the service worker is there', async () => {
  expect(await load()).toEqual(['register', 'reload'])
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
