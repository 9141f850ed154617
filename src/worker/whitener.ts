// The worker's way to whitenings: computed once, kept in this browser, the last one in memory too.
import { xxhash128 } from 'hash-wasm'
import type { Engine, ImageNormalisation, Whitening } from '../engine/engine.ts'
import type { Whiten, WhiteningOrder } from '../training/whitening/compute-whitening.ts'
import type { Pause } from '../training/whitening/pause.ts'
import type { KeptWhitening, WhiteningStore } from './whitening-store.ts'

type WhitenerPorts = {
  readonly compute: Whiten
  /** Null where the browser forbids storage. */
  readonly store: WhiteningStore | null
  /** Milliseconds that never go back. */
  readonly elapsed: () => number
  /** What a person should know, in a sentence. */
  readonly say: (notice: string) => void
}

export type Whitener = {
  readonly whiten: Whiten
  /** A whitening that was computed before; null where it was not. */
  readonly find: (order: WhiteningOrder) => Promise<KeptWhitening | null>
}

/** Somebody who waits for a whitening that is being computed. */
type Asker = {
  readonly pause: Pause
  resolve(whitening: Whitening): void
  reject(reason: unknown): void
}

/** Changes with the method, so that a matrix of another program is not taken for this one's. */
const VERSION = 1

export function createWhitener(ports: WhitenerPorts): Whitener {
  const { store, elapsed, say } = ports
  /** A whitening that several ask for at once is computed once. */
  const running = new Map<string, Set<Asker>>()
  let last: { readonly key: string; readonly whitening: KeptWhitening } | null = null

  async function known(key: string): Promise<KeptWhitening | null> {
    if (last?.key === key) return last.whitening
    const whitening = (await store?.read(key)) ?? null
    if (whitening) last = { key, whitening }
    return whitening
  }

  async function keep(key: string, whitening: KeptWhitening): Promise<void> {
    last = { key, whitening }
    if (!store) return
    try {
      await store.write(key, whitening)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      say(
        `The whitening matrix (37.8 MB) could not be kept in this browser (${reason}); it lasts until the page closes. Free disk space, or remove a data set, to keep the next one.`,
      )
    }
  }

  async function compute(
    key: string,
    order: WhiteningOrder,
    engine: Engine,
    askers: Set<Asker>,
  ): Promise<void> {
    running.set(key, askers)
    try {
      const begun = elapsed()
      const computed = await ports.compute(order, engine, (share) => pauseAll(askers, share))
      const whitening = { ...computed, seconds: (elapsed() - begun) / 1000 }
      await keep(key, whitening)
      for (const asker of askers) asker.resolve(whitening)
    } catch (error) {
      for (const asker of askers) asker.reject(error)
    } finally {
      running.delete(key)
    }
  }

  return {
    find: async (order) => known(await keyOf(order)),
    async whiten(order, engine, pause) {
      const key = await keyOf(order)
      const found = await known(key)
      if (found) return found
      return new Promise((resolve, reject) => {
        const asker = { pause, resolve, reject }
        const askers = running.get(key)
        if (askers) askers.add(asker)
        else void compute(key, order, engine, new Set([asker]))
      })
    },
  }
}

/** One that leaves no longer waits; the last to leave ends the computation. */
async function pauseAll(askers: Set<Asker>, share: number): Promise<void> {
  for (const asker of askers) {
    try {
      await asker.pause(share)
    } catch (error) {
      asker.reject(error)
      askers.delete(asker)
      if (askers.size === 0) throw error
    }
  }
}

/** The images themselves, so that it does not matter what they are called or how they were chosen. */
async function keyOf({ images, normalisation, whitening }: WhiteningOrder): Promise<string> {
  const digest = await xxhash128(images.pixels)
  return JSON.stringify([VERSION, digest, await metricsOf(normalisation), whitening])
}

async function metricsOf(normalisation: ImageNormalisation): Promise<unknown> {
  if (normalisation.kind !== 'pixel-mean') return normalisation
  const { buffer, byteOffset, byteLength } = normalisation.mean
  return { kind: 'pixel-mean', mean: await xxhash128(new Uint8Array(buffer, byteOffset, byteLength)) }
}
