// Databases that earlier versions have left in a browser: this version opens them, loses nothing, and goes on bit for bit.
import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { threadLocks } from '../../data/tab-lock.ts'
import { openImageStore } from '../../data/store/image-store.ts'
import { createTinySet } from '../data/tiny-set.ts'
import { queueOf } from '../../runs/queue-order.ts'
import { openKernelChoices } from '../../worker/kernel-choices.ts'
import { OLD_VERSIONS, type OldSession, readDatabases, readExpected, runsOfSession } from './old-files.ts'
import { openPlainLab, type PlainLab } from './plain-lab.ts'
import { archivedRuns, type RunDigest } from './run-digests.ts'
import { type DatabaseDump, dumpDatabases, restoreDatabases } from './stored-databases.ts'

const HOUR_MS = 3_600_000

async function digestsIn(tab: PlainLab, runs: readonly string[]): Promise<Record<string, RunDigest | null>> {
  const files = archivedRuns(await tab.exported(runs))
  return Object.fromEntries(runs.map((run) => [run, files[run]?.digest ?? null]))
}

const recordsOf = (dumps: readonly DatabaseDump[], name: string, store: string) =>
  dumps.find((dump) => dump.name === name)?.stores.find((one) => one.name === store)?.records ?? []

describe.each(OLD_VERSIONS)('the databases of %s', (version) => {
  const expected = readExpected(version).databases
  const dumps = readDatabases(version)
  const without = (...names: readonly string[]) => dumps.filter(({ name }) => !names.includes(name))
  /** The matrix takes longer to store than all else. */
  const databasesOf = (session: string) =>
    session === 'whitened' ? dumps : without('residual-lab-whitening')
  /** A page that is loaded soon after. */
  const openPage = async (databases = without('residual-lab-whitening'), hoursLater = 1) => {
    await restoreDatabases(databases)
    const offset = expected.dumpedAt + hoursLater * HOUR_MS - Date.now()
    return openPlainLab({ now: () => Date.now() + offset })
  }

  test('hold every run, with all that is known of it', async () => {
    const tab = await openPage()
    const ids = (await tab.lab.runs.entries()).map(({ run }) => run)
    expect(ids.toSorted()).toEqual(Object.keys(expected.runs).toSorted())
    expect(archivedRuns(await tab.exported(ids))).toMatchObject(expected.runs)
  })

  test.each(expected.sessions)('session $session goes on to the same bits', async (session) => {
    const { end, epochs } = session
    const tab = await openPage(databasesOf(session.session))
    await tab.goOn(session.session, Object.keys(end), epochs)
    await tab.finished(session.session)
    expect(await digestsIn(tab, Object.keys(end))).toEqual(end)
  })

  test.each(expected.sessions)('session $session comes to the same bits from its start', async (session) => {
    const { end, epochs } = session
    const databases = databasesOf(session.session).filter(({ name }) => name !== 'residual-lab-runs')
    const tab = await openPage(databases)
    await tab.start(session.session, runsOfSession(session, expected.runs))
    await tab.finished(session.session)
    if (epochs > 0) {
      await tab.goOn(session.session, Object.keys(end), epochs)
      await tab.finished(session.session)
    }
    expect(await digestsIn(tab, Object.keys(end))).toEqual(end)
  })

  test('hold the queue, which waits until somebody lets it go on, and ends in the same bits', async () => {
    const tab = await openPage()
    const waiting = async () => queueOf(await tab.lab.runs.entries()).map(({ session }) => session)
    expect(await waiting()).toEqual(expected.queue.map(({ session }) => session))
    expect(tab.events.findLast(({ kind }) => kind === 'queue')).toMatchObject({ state: 'held' })
    expect(tab.events.filter(({ kind }) => kind === 'session')).toEqual([])
    await tab.lab.goOnWithQueue({ kind: 'queue-go' })
    await tab.until(async () => (await waiting()).length === 0)
    const ends = Object.assign({}, ...expected.queue.map(({ end }: OldSession) => end))
    expect(await digestsIn(tab, Object.keys(ends))).toEqual(ends)
  })

  test('a run that diverged stays where it is', async () => {
    const tab = await openPage()
    await expect(tab.goOn('diverged', ['diverged-b'])).rejects.toMatchObject({ code: 'checkpoint-mismatch' })
  })

  test('a deleted run comes back within a day, and nothing is left of it after one', async () => {
    const soon = await openPage(undefined, 23)
    await soon.lab.runs.restore({ kind: 'restore-runs', runs: ['deleted-a'] })
    const entries = await soon.lab.runs.entries()
    expect(entries.find(({ run }) => run === 'deleted-a')).toMatchObject({ deletedAt: null })
    const late = await openPage(undefined, 25)
    const left = (await late.lab.runs.entries()).map(({ run }) => run)
    expect(left.toSorted()).toEqual(
      Object.keys(expected.runs)
        .filter((run) => run !== 'deleted-a')
        .toSorted(),
    )
    const stored = await dumpDatabases()
    for (const store of ['entries', 'steps', 'epochs', 'log', 'checkpoints', 'sizes']) {
      const keys = recordsOf(stored, 'residual-lab-runs', store).map(([key]) => String(key))
      expect(keys.filter((key) => key.startsWith('deleted-a'))).toEqual([])
      expect(keys.length).toBeGreaterThan(0)
    }
  })

  test('hold the images of a data set, and nothing of one that was only half written', async () => {
    await restoreDatabases(without('residual-lab-whitening'))
    const chunks = async () => recordsOf(await dumpDatabases(), 'residual-lab-images', 'chunks')
    expect(await chunks()).toHaveLength(7)
    const store = await openImageStore(undefined, threadLocks())
    for (const split of ['train', 'test'] as const) {
      const { pixels, labels } = await store.load('cifar10', split, null)
      const digest = createHash('sha256').update(pixels).update(labels).digest('hex')
      expect(digest).toBe(expected.images.cifar10[split])
    }
    expect(await chunks()).toHaveLength(6)
  })

  test('a download that was cut off goes on from the byte where it stopped', async () => {
    const { archive, arrived } = expected.images.download
    const bytes = Uint8Array.from(Buffer.from(archive, 'base64'))
    const asked: (string | null)[] = []
    await restoreDatabases(without('residual-lab-whitening'))
    const { format } = await createTinySet('cifar100', { images: 1, seed: 1 })
    const tab = await openPlainLab({
      formats: [format],
      async fetch(_url, { headers }) {
        asked.push(new Headers(headers).get('range'))
        return new Response(bytes.subarray(arrived), {
          status: 206,
          headers: {
            etag: '"of-cifar-100"',
            'content-range': `bytes ${arrived}-${bytes.length - 1}/${bytes.length}`,
          },
        })
      },
    })
    const status = () =>
      tab.events
        .filter((event) => event.kind === 'data-set')
        .findLast((event) => event.status.set === 'cifar100')?.status
    expect(status()).toMatchObject({ state: 'paused', bytes: arrived, totalBytes: bytes.length })
    tab.lab.library.fetch('cifar100', null)
    await tab.until(() => status()?.state === 'ready')
    expect(status()).toMatchObject({ failure: null, images: { train: 1, test: 1 } })
    expect(asked).toEqual([`bytes=${arrived}-`])
  })

  test('hold the kernels that were measured', async () => {
    await restoreDatabases(without('residual-lab-whitening'))
    const choices = await openKernelChoices()
    const read = Object.keys(expected.kernels).map(async (key) => [key, await choices.read(key)])
    expect(Object.fromEntries(await Promise.all(read))).toEqual(expected.kernels)
    expect(Object.keys(expected.kernels)).toHaveLength(3)
  })
})
