import { expect, test } from 'vitest'
import { lockRefused, threadLocks } from '../../data/tab-lock.ts'
import { createRunClaims } from './run-claims.ts'

test('where a lock of several is refused, none of them is held', async () => {
  const locks = threadLocks()
  const claims = createRunClaims({
    store: () => ({
      claim: (run) => (run === 'b' ? Promise.reject(lockRefused()) : locks(run)),
      entry: () => Promise.reject(new Error('nobody asks')),
    }),
    emit: () => undefined,
    tellOthers: () => undefined,
  })
  await expect(claims.claim(['a', 'b'])).rejects.toMatchObject({ code: 'storage-failed' })
  expect(await locks('a')).not.toBeNull()
})
