import { openDB } from 'idb'
import type { ChoiceStore } from '../engine/webgpu/kernel-choice.ts'

const ENTRIES = 'choices'

/**
 * Measured choices of kernels in IndexedDB, by adapter, convolution and shader text. Where the browser forbids storage
 * they last as long as the page: a measurement is worth seconds, not an error.
 */
export async function openKernelChoices(name = 'residual-lab-kernels'): Promise<ChoiceStore> {
  const ofThisPage = new Map<string, string>()
  const database = await open(name).catch(() => null)
  return {
    async read(key) {
      const stored: unknown = await database?.get(ENTRIES, key).catch(() => undefined)
      return typeof stored === 'string' ? stored : (ofThisPage.get(key) ?? null)
    },
    async write(key, id) {
      ofThisPage.set(key, id)
      await database?.put(ENTRIES, id, key).catch(() => undefined)
    },
  }
}

/** Async, because a browser that forbids storage may throw at once. */
async function open(name: string) {
  return openDB(name, 1, { upgrade: (created) => void created.createObjectStore(ENTRIES) })
}
