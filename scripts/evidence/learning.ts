// What small members of the five systems learn from 10,000 real images, with identity and without, and a deep narrow
// network of which only the residual one trains well: docs/results.md. Each run is a folder of `lab train`; a run that
// is there goes on from its checkpoint, so this can be stopped with Ctrl-C and started again.
// Run: npx tsx scripts/evidence/learning.ts DATA OUT [NAME ...], where a NAME is the beginning of a run’s name.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { markdownTable } from '../../src/runs/markdown-table.ts'

/** Budgets that a software adapter gets through; each author's optimiser, its rate as the peak of one cycle. */
const SHORT = ['--limit-train', '10000', '--limit-test', '2000', '--batch', '32', '--schedule', 'one-cycle']
const FAMILIES: readonly (readonly string[])[] = [
  ['akamaster-20', '--width', '8'],
  ['drgripa1-20', '--width', '8'],
  ['iavicenna-14', '--width', '8'],
  ['mbsariyildiz-10', '--width', '8'],
  ['zhenye-na', '--width', '8', '--n', '1'],
]
const DEEP = ['akamaster-56', '--width', '8']
const DEEP_SEEDS = [1, 2, 3]
const DEEP_EPOCHS = 2
const FAMILY_EPOCHS = 3

type Run = { readonly name: string; readonly words: readonly string[] }

function pair([preset = '', ...words]: readonly string[], epochs: number, seed: number): Run[] {
  return [true, false].map((identity) => ({
    name: `${preset}-${identity ? 'identity' : 'plain'}-seed${seed}`,
    words: ['--preset', preset, ...words, ...SHORT, '--epochs', `${epochs}`, '--seed', `${seed}`].concat(
      identity ? [] : ['--no-identity'],
    ),
  }))
}

const RUNS: readonly Run[] = [
  ...pair(DEEP, DEEP_EPOCHS, 1),
  ...FAMILIES.flatMap((family) => pair(family, FAMILY_EPOCHS, 1)),
  ...DEEP_SEEDS.slice(1).flatMap((seed) => pair(DEEP, DEEP_EPOCHS, seed)),
]

const metricsSchema = z.object({
  seconds: z.number(),
  imagesPerSecond: z.number().nullable(),
  epochs: z.array(
    z.object({
      epoch: z.number(),
      train: z.object({ loss: z.number(), accuracy: z.number() }).nullable(),
      test: z.object({ loss: z.number(), accuracy: z.number() }),
    }),
  ),
})

const [data, out, ...names] = process.argv.slice(2)
if (data === undefined || out === undefined) {
  throw new Error('give the folder of CIFAR-10’s binary files, and one for the runs')
}
let stopped = false
process.on('SIGINT', () => {
  stopped = true
})
const wanted = RUNS.filter(({ name }) => names.length === 0 || names.some((begin) => name.startsWith(begin)))
for (const run of wanted) {
  if (!stopped) await train(run, join(out, run.name), data)
}
console.log(await table(out))

/** Ctrl-C reaches the child too, which then writes its checkpoint. */
async function train({ words }: Run, folder: string, images: string): Promise<void> {
  const begun = existsSync(join(folder, 'checkpoint.safetensors'))
  const options = begun ? ['--resume', folder] : [...words, '--out', folder]
  const done = existsSync(join(folder, 'metrics.json')) && (await isFinished(folder, words))
  if (done) return
  const lab = ['--import', 'tsx', 'src/cli/main.ts', 'train', ...options, '--data', images]
  const child = spawn(process.execPath, lab, { stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0 && !stopped) throw new Error(`${basename(folder)} ended with code ${code}`)
}

async function isFinished(folder: string, words: readonly string[]): Promise<boolean> {
  const { epochs } = await metricsOf(folder)
  return (epochs.at(-1)?.epoch ?? 0) >= Number(words[words.indexOf('--epochs') + 1])
}

async function metricsOf(folder: string) {
  return metricsSchema.parse(JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8')))
}

/** A row for each epoch of each run that is there. */
async function table(folder: string): Promise<string> {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  const rows: string[][] = []
  for (const { name } of RUNS) {
    if (!existsSync(join(folder, name, 'metrics.json'))) continue
    const { epochs } = await metricsOf(join(folder, name))
    for (const { epoch, train: training, test } of epochs) {
      rows.push([
        name,
        `${epoch}`,
        training ? training.loss.toFixed(4) : '',
        training ? percent(training.accuracy) : '',
        test.loss.toFixed(4),
        percent(test.accuracy),
      ])
    }
  }
  const columns = ['run', 'epoch', 'training loss', 'training accuracy', 'test loss', 'test accuracy']
  return markdownTable(columns, rows)
}
