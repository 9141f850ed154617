// A finished run, taken into its file of docs/results/.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { commandLinePorts } from '../../../src/cli/command-line-ports.ts'
import { withEngines } from '../../../src/cli/device/with-engines.ts'
import { openImageSource } from '../../../src/cli/image-source.ts'
import { runConfigSchema } from '../../../src/config/run-config.ts'
import { evaluateWeightsFile } from '../../../src/operations/evaluate-weights-file.ts'
import { type ResultFile, resultFileSchema } from './result-file.ts'
import type { Training } from './trainings.ts'

const RESULTS = 'docs/results'

const scoreSchema = z.object({ loss: z.number(), accuracy: z.number() })
const metricsSchema = z.object({
  config: runConfigSchema,
  device: z.object({ adapter: z.string() }),
  epochs: z.array(z.object({ epoch: z.int(), train: scoreSchema, test: scoreSchema })),
})

type FinishedRun = {
  readonly training: Training
  readonly seed: number
  readonly folder: string
  readonly images: string
  readonly commit: string
}

/** Seeds of a training that are in docs/results/. */
export async function recordedSeeds(name: string): Promise<readonly number[]> {
  return (await readResult(name))?.seeds ?? []
}

/** Adds a run to its training's file, scoring the weights that it has written once more for each image's answer. */
export async function keepRun(run: FinishedRun): Promise<void> {
  const { training, seed, folder, images, commit } = run
  const { config, device, epochs } = metricsSchema.parse(
    JSON.parse(await readFile(join(folder, 'run', 'metrics.json'), 'utf8')),
  )
  const last = epochs.at(-1)
  if (last?.epoch !== training.epochs) throw new Error(`${folder} ends after epoch ${last?.epoch}`)
  const answers = await answersOf(join(folder, 'run', 'weights.safetensors'), config, images)
  if (answers.accuracy !== last.test.accuracy) {
    throw new Error(`${folder}: its weights score ${answers.accuracy}, its last epoch ${last.test.accuracy}`)
  }
  const seconds = z.number().parse(JSON.parse(await readFile(join(folder, 'seconds.json'), 'utf8')))
  const before = await readResult(training.name)
  const added: ResultFile = {
    name: training.name,
    config: before?.config ?? config,
    identity: training.identity,
    seeds: [...(before?.seeds ?? []), seed],
    epochs: training.epochs,
    testAccuracy: [...(before?.testAccuracy ?? []), percent(last.test.accuracy)],
    trainError: [...(before?.trainError ?? []), percent(1 - last.train.accuracy)],
    seconds: [...(before?.seconds ?? []), Math.round(seconds)],
    engine: device.adapter,
    commit: before?.commit ?? commit,
    curves: [
      ...(before?.curves ?? []),
      epochs.map(({ epoch, train, test }) => ({
        epoch,
        trainLoss: rounded(train.loss),
        trainError: percent(1 - train.accuracy),
        testLoss: rounded(test.loss),
        testAccuracy: percent(test.accuracy),
      })),
    ],
    answers: [...(before?.answers ?? []), answers.predicted],
  }
  await mkdir(RESULTS, { recursive: true })
  await writeFile(resultPath(training.name), `${JSON.stringify(added, null, 1)}\n`)
}

async function readResult(name: string): Promise<ResultFile | null> {
  const path = resultPath(name)
  return existsSync(path) ? resultFileSchema.parse(JSON.parse(await readFile(path, 'utf8'))) : null
}

function resultPath(name: string): string {
  return join(RESULTS, `${name}.json`)
}

async function answersOf(weights: string, config: z.infer<typeof runConfigSchema>, images: string) {
  const source = await openImageSource(images)
  const bytes = await readFile(weights)
  const test = await source.load('test', config.data.limitTest)
  return withEngines({ engine: 'cpu', threads: 1 }, async (engines) => {
    const { evaluation, predicted } = await evaluateWeightsFile(
      { bytes, fileName: weights, trustsFile: false, expected: config, set: source.set, images: test },
      { ...commandLinePorts(source), engine: await engines.get() },
    )
    return { accuracy: evaluation.accuracy, predicted: Buffer.from(predicted).toString('base64') }
  })
}

/** To two decimals, which is the exact share of 10,000 images. */
function percent(share: number): number {
  return Math.round(share * 10_000) / 100
}

function rounded(loss: number): number {
  return Math.round(loss * 10_000) / 10_000
}
