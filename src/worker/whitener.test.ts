import { expect, test } from 'vitest'
import { IMAGE_BYTES } from '../base/data-set.ts'
import type { Engine } from '../engine/engine.ts'
import { tickingClock } from '../../scripts/testing/ticking-clock.ts'
import type { Whiten, WhiteningOrder } from '../training/whitening/compute-whitening.ts'
import { createWhitener } from './whitener.ts'
import type { KeptWhitening, WhiteningStore } from './whitening-store.ts'

const order = (first = 1, epsilon = 0.01): WhiteningOrder => ({
  images: { count: 1, pixels: new Uint8Array(IMAGE_BYTES).fill(first) },
  normalisation: { kind: 'image-mean' },
  whitening: { kind: 'covariance', epsilon },
})

const engine: Engine = {
  info: {
    engine: 'tfjs',
    backend: 'cpu',
    adapter: 'none',
    software: true,
    activationFormats: ['f32'],
    fallbackReasons: [],
  },
  compile: () => Promise.reject(new Error('nothing is trained here')),
  dispose: () => undefined,
}
const noPause = async () => undefined

/** A store in memory; `refuse` makes it full. */
function storeOf({ refuse = false } = {}): WhiteningStore & { readonly entries: Map<string, KeptWhitening> } {
  const entries = new Map<string, KeptWhitening>()
  return {
    entries,
    read: async (key) => entries.get(key) ?? null,
    async write(key, whitening) {
      if (refuse) throw new DOMException('no space', 'QuotaExceededError')
      entries.set(key, whitening)
    },
  }
}

/** Ends when told to; counts how often it began. A real computation takes minutes. */
function openWhitener(store: WhiteningStore | null) {
  let computed = 0
  const notices: string[] = []
  const compute: Whiten = async (_order, _engine, pause) => {
    computed++
    for (const share of [0, 0.5, 0.9]) {
      await new Promise((resolve) => setImmediate(resolve))
      await pause(share)
    }
    return { matrix: Float32Array.of(computed), mean: new Float32Array(1) }
  }
  const whitener = createWhitener({
    compute,
    store,
    elapsed: tickingClock,
    say: (notice) => notices.push(notice),
  })
  return { ...whitener, notices, computed: () => computed }
}

test('a whitening that two ask for at once is computed once', async () => {
  const { whiten, computed } = openWhitener(null)
  const [a, b] = await Promise.all([whiten(order(), engine, noPause), whiten(order(), engine, noPause)])
  expect(computed()).toBe(1)
  expect(a).toBe(b)
})

test('it goes on for whoever still waits, and ends with the last', async () => {
  const { whiten, computed } = openWhitener(null)
  const leave = async (share: number) => {
    if (share > 0.4) throw new Error('left')
  }
  const [left, stayed] = await Promise.allSettled([
    whiten(order(), engine, leave),
    whiten(order(), engine, noPause),
  ])
  expect(left).toMatchObject({ status: 'rejected', reason: { message: 'left' } })
  expect(stayed.status).toBe('fulfilled')
  await expect(whiten(order(2), engine, leave)).rejects.toThrow('left')
  expect(await openWhitener(null).find(order(2))).toBeNull()
  await whiten(order(2), engine, noPause)
  expect(computed()).toBe(3)
})

test('what was computed is found in the store by another page', async () => {
  const store = storeOf()
  await openWhitener(store).whiten(order(), engine, noPause)
  const later = openWhitener(store)
  expect((await later.find(order()))?.matrix).toEqual(Float32Array.of(1))
  await later.whiten(order(), engine, noPause)
  expect(later.computed()).toBe(0)
})

test('other images and another ε have whitenings of their own', async () => {
  const store = storeOf()
  const { whiten, find } = openWhitener(store)
  await whiten(order(1, 0.01), engine, noPause)
  expect(await find(order(2, 0.01))).toBeNull()
  expect(await find(order(1, 0.02))).toBeNull()
  expect(await find(order(1, 0.01))).not.toBeNull()
})

test('where the storage is full it says so, and goes on from memory', async () => {
  const { whiten, notices, computed } = openWhitener(storeOf({ refuse: true }))
  await whiten(order(), engine, noPause)
  await whiten(order(), engine, noPause)
  expect(computed()).toBe(1)
  expect(notices).toEqual([expect.stringMatching(/could not be kept in this browser \(no space\)/)])
})
