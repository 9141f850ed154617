// Archives of runs that earlier versions have exported: they come in whole, and their runs go on bit for bit.
import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { oldFile, OLD_VERSIONS, readExpected, runsOfSession } from './old-files.ts'
import { openPlainLab } from './plain-lab.ts'
import { archivedRuns, type RunDigest } from './run-digests.ts'
import { restoreDatabases } from './stored-databases.ts'

describe.each(OLD_VERSIONS)('the archive of %s', (version) => {
  const { runs, sessions } = readExpected(version).archive
  const bytes = readFileSync(oldFile(version, 'runs.zip'))

  async function openPage() {
    await restoreDatabases([])
    return openPlainLab()
  }

  const digests = (archive: Uint8Array): Record<string, RunDigest | null> =>
    Object.fromEntries(Object.entries(archivedRuns(archive)).map(([run, { digest }]) => [run, digest]))

  test('comes in with every field of its runs, and leaves again with them', async () => {
    const tab = await openPage()
    const file = new File([Uint8Array.from(bytes)], 'runs.zip')
    const { entries } = await tab.lab.runs.import({ kind: 'import-runs', file, prefix: 'copy' })
    expect(entries.map(({ run }) => run).toSorted()).toEqual(Object.keys(runs).toSorted())
    expect(archivedRuns(await tab.exported(Object.keys(runs)))).toMatchObject(runs)
  })

  test.each(sessions)('session $session goes on to the same bits', async ({ session, end }) => {
    const tab = await openPage()
    const file = new File([Uint8Array.from(bytes)], 'runs.zip')
    await tab.lab.runs.import({ kind: 'import-runs', file, prefix: 'copy' })
    await tab.goOn(session, Object.keys(end))
    await tab.finished(session)
    expect(digests(await tab.exported(Object.keys(end)))).toEqual(end)
  })

  test.each(sessions)('session $session comes to the same bits from its start', async (old) => {
    const tab = await openPage()
    await tab.start(old.session, runsOfSession(old, runs))
    await tab.finished(old.session)
    expect(digests(await tab.exported(Object.keys(old.end)))).toEqual(old.end)
  })
})
