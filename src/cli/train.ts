import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, toFailure } from '../contract/app-error.ts'
import type { StepPoint, TrainEvent } from '../contract/events.ts'
import type { RunConfig } from '../contract/run-config.ts'
import type { Engine } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import type { RunSnapshot } from '../training/participant.ts'
import { Session } from '../training/session.ts'
import { writeWeights } from '../transfer/weights-file.ts'
import { type ImageSource, openImageSource } from './image-source.ts'
import { configFrom, engineFrom, required, text, type Values } from './options.ts'
import { percent, turn } from './terminal.ts'
import { withEngine } from './with-engine.ts'

const RUN = 'run'

type Trained = {
  readonly snapshot: RunSnapshot
  readonly points: readonly StepPoint[]
  readonly seconds: number
  readonly imagesPerSecond: number | null
}

/** The verb `train`: one run to the end of its budget, and its weights and metrics in a folder. */
export async function train(values: Values): Promise<{ text: string; json: unknown }> {
  const place = required('train', values, 'data')
  // Options are judged before anything is read; which data set it is does not change whether they are right.
  configFrom('train', values, 'builtin')
  const engineName = engineFrom('train', values)
  const out = text(values, 'out')
  if (out !== null) await makeFolder(out)
  const source = await openImageSource(place)
  const config = configFrom('train', values, source.set)
  return withEngine(engineName, async (engine, failures) => {
    const trained = await trainToTheEnd(config, source, engine, failures)
    const report = { ...summary(trained), device: engine.info, config }
    const files = out === null ? [] : await writeRun(out, trained, report)
    return { text: sentence(trained), json: { ...report, files } }
  })
}

async function trainToTheEnd(
  config: RunConfig,
  source: ImageSource,
  engine: Engine,
  failures: { listener: (error: Error) => void },
): Promise<Trained> {
  const points: StepPoint[] = []
  let seconds = 0
  let imagesPerSecond: number | null = null
  let finish: () => void = () => undefined
  let refuse: (error: Error) => void = () => undefined
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    refuse = reject
  })

  function hear(event: TrainEvent): void {
    if (event.kind === 'steps') points.push(...event.points)
    if (event.kind === 'log') console.error(event.text)
    if (event.kind === 'progress') {
      seconds = event.progress.secondsElapsed
      imagesPerSecond = event.progress.imagesPerSecond ?? imagesPerSecond
      console.error(`step ${event.progress.step} of ${event.progress.totalSteps}`)
    }
    if (event.kind !== 'session') return
    if (event.state === 'finished') finish()
    if (event.state === 'failed') {
      const { code, message } = event.failure ?? toFailure(null)
      refuse(new AppError(code, message))
    }
  }

  const session = new Session(
    { session: 'lab', runs: [{ run: RUN, config }], paused: false },
    {
      engine: async () => engine,
      loadImages: (_set, split, limit) => source.load(split, limit),
      emit: hear,
      now: () => Date.now(),
      breathe: turn,
    },
  )
  failures.listener = (error) => session.fail(error)
  try {
    await finished
    return { snapshot: await session.read(RUN), points, seconds, imagesPerSecond }
  } finally {
    await session.dispose()
  }
}

/** What `--json` prints of a run, and what `metrics.json` holds. */
function summary({ snapshot, points, seconds, imagesPerSecond }: Trained) {
  const { config, epochs } = snapshot
  const last = epochs.at(-1)
  return {
    preset: config.preset,
    identity: config.network.identity,
    dataSet: config.data.set,
    steps: points.length,
    trainLoss: points.map(({ loss }) => loss),
    trainAccuracy: points.map(({ accuracy }) => accuracy),
    testAccuracy: last?.test.accuracy ?? null,
    testLoss: last?.test.loss ?? null,
    testImages: last?.test.total ?? 0,
    epochs,
    seconds,
    imagesPerSecond,
  }
}

function sentence({ snapshot, points, seconds }: Trained): string {
  const last = snapshot.epochs.at(-1)
  const score = last
    ? `test accuracy ${percent(last.test.accuracy)} of ${last.test.total} images`
    : 'not evaluated'
  return `${points.length} steps in ${seconds.toFixed(1)} s; ${score}`
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError(
      'storage-failed',
      `${folder} cannot be made; give --out a folder that can be written.`,
      { cause },
    )
  })
}

async function writeRun(folder: string, { snapshot }: Trained, report: unknown): Promise<string[]> {
  const { config, state, epochs } = snapshot
  const weights = writeWeights({ graph: buildGraph(config), state, config, metrics: epochs })
  const files = { 'weights.safetensors': weights, 'metrics.json': `${JSON.stringify(report, null, 1)}\n` }
  const written: string[] = []
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await writeFile(path, content)
    written.push(path)
  }
  return written
}
