import { threadLocks } from '../../data/tab-lock.ts'
import { type ImageStore, openImageStore } from '../../data/store/image-store.ts'

/** A store over an empty database, and the same database opened again as a reloaded page would: the old tab is gone. */
export async function openFreshStore(): Promise<{
  name: string
  store: ImageStore
  reopen: () => Promise<ImageStore>
}> {
  const name = `test-${crypto.randomUUID()}`
  const reopen = () => openImageStore(name, threadLocks())
  return { name, store: await reopen(), reopen }
}
