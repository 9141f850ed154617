// The trainings behind docs/results/: each run is a folder of `lab train` outside the repository, and goes on from its last
// checkpoint. What has been trained already, here or elsewhere, is in docs/results/ and is not trained again. Started once
// for each core, each takes the next run that no other has taken; Ctrl-C stops it after the step under way.
// Run: npx tsx scripts/evidence/results.ts DATA OUT [NAME ...], where a NAME is the beginning of a training's name, and DATA
// the folder that holds cifar-10-batches-bin and cifar-100-binary.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCommand } from '../../src/cli/run-command.ts'
import { openTerminal } from '../../src/cli/terminal.ts'
import { keepRun, recordedSeeds } from './results/keep-run.ts'
import { type Training, TRAININGS } from './results/trainings.ts'

const FOLDERS = { cifar10: 'cifar-10-batches-bin', cifar100: 'cifar-100-binary' } as const

const terminal = openTerminal()
const [data, out, ...names] = process.argv.slice(2)
if (data === undefined || out === undefined) {
  throw new Error('give the folder of CIFAR’s binary files, and one for the runs')
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const wanted = TRAININGS.filter(
  ({ name }) => names.length === 0 || names.some((begin) => name.startsWith(begin)),
)

for (const { training, seed } of bySeed(wanted)) {
  if ((await recordedSeeds(training.name)).includes(seed)) continue
  const folder = join(out, `${training.name}-seed${seed}`)
  if (!(await claim(folder))) continue
  try {
    const images = join(data, FOLDERS[training.set])
    if (!(await train(training, seed, folder, images))) break
    await keepRun({ training, seed, folder, images, commit })
  } finally {
    await rm(join(folder, 'taken'), { force: true })
  }
}

/** The first seed of every training comes before the second of any: what is stopped early has a figure for each. */
function bySeed(trainings: readonly Training[]): { training: Training; seed: number }[] {
  const most = Math.max(0, ...trainings.map(({ seeds }) => seeds.length))
  return Array.from({ length: most }, (_, i) => i).flatMap((i) =>
    trainings.flatMap((training) => {
      const seed = training.seeds[i]
      return seed === undefined ? [] : [{ training, seed }]
    }),
  )
}

/** Whether no other process trains there. A file that a process left behind when it was killed counts for nothing. */
async function claim(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'taken')
  const owner = existsSync(file) ? Number(await readFile(file, 'utf8')) : null
  if (owner !== null && existsSync(`/proc/${owner}`)) return false
  await writeFile(file, `${process.pid}`)
  return (await readFile(file, 'utf8')) === `${process.pid}`
}

/** Whether it came to its end. The processor's time of every sitting is added up beside the run. */
async function train(training: Training, seed: number, folder: string, images: string): Promise<boolean> {
  const { identity, epochs } = training
  const run = join(folder, 'run')
  const timeFile = join(folder, 'seconds.json')
  const before = existsSync(timeFile) ? z.number().parse(JSON.parse(await readFile(timeFile, 'utf8'))) : 0
  const isBegun = existsSync(join(run, 'checkpoint.safetensors'))
  const order = isBegun
    ? ['--resume', run]
    : [...training.words, '--seed', `${seed}`, '--epochs', `${epochs}`, '--out', run, '--overwrite'].concat(
        identity ? [] : ['--no-identity'],
      )
  const begun = process.cpuUsage()
  const words = ['train', ...order, '--data', images, '--engine', 'cpu', '--threads', '1']
  const code = await runCommand(words, terminal)
  const { user, system } = process.cpuUsage(begun)
  await writeFile(timeFile, JSON.stringify(before + (user + system) / 1e6))
  return code === 0
}
