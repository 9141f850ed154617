import { type DBSchema, openDB } from 'idb'
import { createConnection } from '../data/store/connection.ts'
import type { ChoiceStore } from '../engine/webgpu/kernel-choice.ts'

const ENTRIES = 'choices'

interface Schema extends DBSchema {
  choices: { key: string; value: unknown }
}

/**
 * Measured choices of kernels in IndexedDB, by adapter, convolution and shader text. Where the browser forbids storage
 * they last as long as the page: a measurement is worth seconds, not an error.
 */
export async function openKernelChoices(name = 'residual-lab-kernels'): Promise<ChoiceStore> {
  const ofThisPage = new Map<string, string>()
  const connection = createConnection<Schema>((onClose) => open(name, onClose))
  return {
    async read(key) {
      const stored: unknown = await connection
        .use((database) => database.get(ENTRIES, key))
        .catch(() => undefined)
      return typeof stored === 'string' ? stored : (ofThisPage.get(key) ?? null)
    },
    async write(key, id) {
      ofThisPage.set(key, id)
      await connection.use((database) => database.put(ENTRIES, id, key)).catch(() => undefined)
    },
  }
}

/** Async, because a browser that forbids storage may throw at once. */
async function open(name: string, onClose: () => void) {
  return openDB<Schema>(name, 1, {
    upgrade: (created) => void created.createObjectStore(ENTRIES),
    blocking: onClose,
    terminated: onClose,
  })
}
