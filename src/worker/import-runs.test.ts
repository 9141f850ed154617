// Archives of runs at the door of the store: nothing is written of one that is refused, and nothing is ever replaced.
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { expect, test } from 'vitest'
import type { TrainEvent } from '../contract/events.ts'
import { createRandom } from '../base/random.ts'
import { databaseContents } from '../testing/data/database-contents.ts'
import { writeRunZip } from '../transfer/run-zip.ts'
import { travellingRun } from '../testing/transfer/travelling-run.ts'
import { freshRunLibrary } from '../testing/worker/fresh-run-library.ts'

const WHOLE = writeRunZip([travellingRun('a'), travellingRun('b')])
const asFile = (bytes: Uint8Array<ArrayBuffer>) => new File([bytes], 'mine.zip')

async function libraryWith(...archives: Uint8Array<ArrayBuffer>[]) {
  const events: TrainEvent[] = []
  const library = await freshRunLibrary((event) => void events.push(event))
  const take = (bytes: Uint8Array<ArrayBuffer>) =>
    library.runs.import({ file: asFile(bytes), prefix: 'copy' })
  for (const archive of archives) await take(archive)
  return { ...library, events, take }
}

test('of 50 damaged archives none writes anything, nor says that there is another run', async () => {
  const { name, events, take } = await libraryWith(WHOLE)
  const [before, told] = [await databaseContents(name), events.length]
  const random = createRandom(1, 'import-runs')
  for (let i = 0; i < 50; i++) {
    const damaged = i % 2 ? WHOLE.slice(0, random.below(WHOLE.length)) : WHOLE.slice()
    // Within the first file's content, which its checksum watches.
    if (i % 2 === 0) damaged[60 + random.below(200)] = 0
    await expect(take(damaged)).rejects.toMatchObject({ code: 'run-unreadable' })
  }
  expect(await databaseContents(name)).toEqual(before)
  expect(events).toHaveLength(told)
})

test('what comes in is stored whole and told', async () => {
  const { store, events } = await libraryWith(WHOLE)
  expect(events.flatMap((event) => (event.kind === 'run-entry' ? [event.entry.run] : []))).toEqual(['a', 'b'])
  const { steps, log, checkpoints } = travellingRun('a')
  expect(await store.history('a')).toEqual({ steps, epochs: [], log })
  expect(await store.checkpointFiles('a')).toEqual(checkpoints)
})

test('a run whose id is taken comes in as a copy, though a later version of the page has taken it', async () => {
  const { name, take } = await libraryWith()
  const later = { version: 2, run: 'a' }
  const database = await openDB(name)
  await database.put('entries', later, 'a')
  const { entries } = await take(WHOLE)
  expect(entries.map(({ run }) => run)).toEqual(['copy-0', 'b'])
  expect(await database.get('entries', 'a')).toEqual(later)
})
