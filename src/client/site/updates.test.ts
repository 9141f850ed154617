import { expect, test } from 'vitest'
import type { Workbox } from 'workbox-window'
import { watchForUpdates } from './updates.ts'

type Worker = Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'>

/** A service worker's life as workbox-window tells it, and what the page did. */
function openPage() {
  const done: string[] = []
  const listeners = new Map<string, (event: never) => void>()
  const worker: Worker = {
    addEventListener: (type, listener) => void listeners.set(type, listener),
    messageSkipWaiting: () => void done.push('skip waiting'),
  }
  const updates = watchForUpdates(worker, () => done.push('reload'))
  const tell = (type: 'waiting' | 'controlling', event: { readonly isUpdate?: boolean } = {}) => {
    const listener = listeners.get(type)
    if (!listener) throw new Error(`the page does not listen for ${type}`)
    Reflect.apply(listener, null, [event])
  }
  return { updates, tell, done, isReady: () => updates.getState().isReady }
}

test('a new version that waits is said, and nothing is done', () => {
  const { tell, done, isReady } = openPage()
  expect(isReady()).toBe(false)
  tell('waiting')
  expect(isReady()).toBe(true)
  expect(done).toEqual([])
})

test('when a person asks, it becomes active, and then the page is reloaded', () => {
  const { updates, tell, done } = openPage()
  tell('waiting')
  updates.load()
  expect(done).toEqual(['skip waiting'])
  tell('controlling', { isUpdate: true })
  expect(done).toEqual(['skip waiting', 'reload'])
})

test('where another tab asked for it, this page goes on until a person asks here', () => {
  const { updates, tell, done, isReady } = openPage()
  tell('controlling', { isUpdate: true })
  expect(isReady()).toBe(true)
  expect(done).toEqual([])
  updates.load()
  expect(done).toEqual(['reload'])
})

test('a page’s first service worker is no new version', () => {
  const { tell, done, isReady } = openPage()
  tell('controlling', { isUpdate: false })
  expect(isReady()).toBe(false)
  expect(done).toEqual([])
})

test('without a service worker there is never one', () => {
  expect(watchForUpdates(null, () => expect.unreachable()).getState().isReady).toBe(false)
})
