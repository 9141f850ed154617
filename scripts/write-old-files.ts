// Writes what this version leaves behind (an exported archive, a run folder, links, databases) into
// src/testing/old-files/fixtures/DATE, where tests of all later versions open it and go on with it.
//   npx tsx scripts/write-old-files.ts 2026-11-30
import 'fake-indexeddb/auto'
import assert from 'node:assert'
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { z } from 'zod'
import { lastLine } from '../src/testing/node/run-lab.ts'
import { rememberEngine } from '../src/client/device/engine-preference.ts'
import { digestOfCheckpoint, type RunDigest, archivedRuns } from '../src/testing/old-files/run-digests.ts'
import { openPlainLab, type PlainLab } from '../src/testing/old-files/plain-lab.ts'
import { dumpDatabases, restoreDatabases } from '../src/testing/old-files/stored-databases.ts'
import { plainCli } from '../src/testing/old-files/plain-cli.ts'
import { rememberTheme } from '../src/ui/theme/theme-choice.ts'
import {
  fillImages,
  fillKernelChoices,
  fillRuns,
  leaveHalfWritten,
  QUEUED,
  SESSIONS_TO_GO_ON,
  type SessionToGoOn,
  whitenCheaply,
} from './old-files/fill-databases.ts'
import { setupFiles, setupLinks } from './old-files/links.ts'
import { pairOf, TRAVELLING } from './old-files/sessions.ts'

const FIXTURES = new URL('../src/testing/old-files/fixtures/', import.meta.url).pathname

/** What an archive's runs are, and how they end where they go on. */
type Expected = {
  readonly runs: Record<string, unknown>
  readonly sessions: readonly {
    readonly session: string
    readonly epochs: number
    /** Of each run, in the session's order. */
    readonly end: Record<string, RunDigest | null>
  }[]
}

/** How sessions end that nothing interrupts. */
async function endsOf(sessions: readonly SessionToGoOn[]): Promise<Expected['sessions']> {
  const ends = []
  for (const { session, runs, epochs } of sessions) {
    const ids = runs.map(({ run }) => run)
    const tab = await openPlainLab({ whiten: whitenCheaply })
    await tab.start(session, runs)
    await tab.finished(session)
    if (epochs > 0) {
      await tab.goOn(session, ids, epochs)
      await tab.finished(session)
    }
    const files = archivedRuns(await tab.exported(ids))
    ends.push({ session, epochs, end: Object.fromEntries(ids.map((id) => [id, files[id]?.digest ?? null])) })
    console.log(`${session} ends with loss ${files[ids[0] ?? '']?.digest?.lastLoss}`)
    await tab.close()
  }
  return ends
}

async function writeDatabases(folder: string) {
  const images = await fillImages()
  const kernels = await fillKernelChoices()
  await fillRuns()
  await leaveHalfWritten()
  const dumps = await dumpDatabases()
  const dumpedAt = Date.now()
  await writeFile(join(folder, 'databases.json.br'), compressed(JSON.stringify(dumps)))
  await restoreDatabases(dumps)
  assert.deepStrictEqual(await dumpDatabases(), dumps)
  const tab = await openPlainLab({ now: () => dumpedAt })
  const runs = archivedRuns(await tab.exported((await tab.services.runs.entries()).map(({ run }) => run)))
  await tab.close()
  await restoreDatabases(dumps.filter(({ name }) => name !== 'residual-lab-runs'))
  return {
    dumpedAt,
    kernels,
    images,
    runs,
    sessions: await endsOf(SESSIONS_TO_GO_ON),
    queue: await endsOf(QUEUED),
  }
}

/** A pair that was exported in mid-epoch. */
async function writeArchive(folder: string): Promise<Expected> {
  await restoreDatabases([])
  const session = { session: 'travelling', runs: pairOf('travelling', TRAVELLING), epochs: 0 }
  const tab: PlainLab = await openPlainLab({ appVersion: '0.1.0' })
  await tab.pausedAfter(session.session, session.runs, 8)
  const archive = await tab.exported(session.runs.map(({ run }) => run))
  await writeFile(join(folder, 'runs.zip'), archive)
  await restoreDatabases([])
  return { runs: archivedRuns(archive), sessions: await endsOf([session]) }
}

const wordsOf = (line: string) => line.split(' ')
/** 15 steps an epoch. The warm-up ends at step 100, by the metrics of those before. */
const TRAIN = wordsOf(
  '--preset he-20 --n 1 --width 4 --data builtin --batch 4 --limit-train 60 --limit-test 20 --validation 2 --seed 5 ' +
    '--set warmup={"kind":"until-training-error","rate":0.01,"error":0.99} --set schedule.milestones=[110,130] ' +
    '--engine cpu --threads 2',
)
const EVALUATE = wordsOf('--preset he-20 --n 1 --width 4 --data builtin --limit 20 --engine cpu --json')

const scoreSchema = z.object({
  total: z.int(),
  accuracy: z.number(),
  loss: z.number(),
  confusion: z.array(z.array(z.int())),
})

async function writeRunFolder(folder: string) {
  const scratch = await mkdtemp(join(tmpdir(), 'old-files-'))
  const interrupted = join(scratch, 'interrupted')
  const running = plainCli('train', ...TRAIN, '--steps', '1000000', '--out', interrupted)
  await running.said('Epoch 7: ')
  running.interrupt()
  const { code, stdout, stderr } = await running.finished
  assert.equal(code, 130, stdout + stderr)
  const kept = join(folder, 'run-folder')
  await mkdir(kept, { recursive: true })
  for (const name of ['checkpoint.safetensors', 'metrics.json', 'weights.safetensors'])
    await copyFile(join(interrupted, name), join(kept, name))
  const before = digestOfCheckpoint(await readFile(join(kept, 'checkpoint.safetensors')))
  const steps = before.steps + 20
  const straight = join(scratch, 'straight')
  const ended = await plainCli('train', ...TRAIN, '--steps', String(steps), '--out', straight).finished
  assert.equal(ended.code, 0, ended.stderr)
  const end = digestOfCheckpoint(await readFile(join(straight, 'checkpoint.safetensors')))
  const weights = join(kept, 'weights.safetensors')
  const evaluated = await plainCli('evaluate', ...EVALUATE, '--weights', weights).finished
  const summarised = await plainCli('summary', kept).finished
  return {
    train: TRAIN,
    evaluate: EVALUATE,
    steps,
    before,
    end,
    evaluation: scoreSchema.parse(lastLine(evaluated)),
    summary: summarised.stdout,
  }
}

/** What the page keeps in localStorage. */
function settings(): Record<string, string> {
  const kept = new Map<string, string>()
  const storage = { setItem: (key: string, value: string) => void kept.set(key, value) }
  rememberEngine({ engine: 'cpu', threads: 3 }, storage)
  Object.assign(globalThis, { localStorage: storage })
  rememberTheme('dark')
  // As src/ui/runs/use-baseline.ts writes it, which needs a page.
  kept.set('residual-lab.baseline', 'finished-a')
  return Object.fromEntries(kept)
}

function compressed(text: string): Uint8Array {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants
  return brotliCompressSync(text, { params: { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: 24 } })
}

const [date] = process.argv.slice(2)
if (date === undefined || !/^\d{4}-\d\d-\d\d$/.test(date)) throw new Error('write-old-files takes a date')
const folder = join(FIXTURES, date)
await mkdir(folder, { recursive: true })
const asJson = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`
await writeFile(
  join(folder, 'links.json'),
  asJson({ links: setupLinks(), files: setupFiles(), localStorage: settings() }),
)
const databases = await writeDatabases(folder)
const archive = await writeArchive(folder)
const runFolder = await writeRunFolder(folder)
await writeFile(join(folder, 'expected.json'), `${JSON.stringify({ databases, archive, runFolder })}\n`)
process.exit()
