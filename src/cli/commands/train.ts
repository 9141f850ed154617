import { resolve } from 'node:path'
import { AppError } from '../../base/app-error.ts'
import { coarseAccuracy } from '../../base/coarse-classes.ts'
import type { EngineName } from '../../contract/device-info.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { engineChangeSentence, lastEngine } from '../../contract/trained-engines.ts'
import type { TrainEvent } from '../../contract/events.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import { type ImageSource, openImageSource } from '../image-source.ts'
import { configFrom, engineFrom, markdownFrom, resumedConfigFrom } from '../options/config-options.ts'
import { required, text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { createEventsFile } from './events-file.ts'
import { clearRun, loadCheckpoint, makeRunFolder, saveCheckpoint, saveResults } from './run-folder.ts'
import { accuracyText, evaluationTables } from './evaluation-text.ts'
import { openRunImages } from './run-images.ts'
import { type TrainedInTerminal, trainInTerminal } from './train-in-terminal.ts'
import { exitCodeOf, type Signals } from '../terminal.ts'
import { withEngines } from '../device/with-engines.ts'

type Order = {
  readonly config: RunConfig
  readonly source: ImageSource
  /** Where the run goes on; null where it begins. */
  readonly from: Checkpoint | null
  /** Null where nothing is to be written. */
  readonly out: string | null
}

/** The verb `train`: one run to the end of its budget; its weights, metrics and checkpoint in a folder. */
export async function train(
  values: Values,
  _folders: readonly string[],
  signals: Signals,
): Promise<{ text: string; json: unknown; exitCode: number }> {
  const setting = engineFrom('train', values)
  const hasTables = markdownFrom('train', values)
  const resumed = text(values, 'resume')
  const { config, source, from, out } =
    resumed === null ? await newOrder(values) : await resumedOrder(values, resumed)
  const isOld = out !== null && resumed !== null && resolve(out) === resolve(resumed)
  if (out !== null && !isOld) await makeRunFolder(out, values['overwrite'] === true)
  return withEngines(setting, async (engines, failures) => {
    if (from && setting.engine === 'auto') assertSameEngine(from, (await engines.get()).info.engine)
    if (out !== null && !isOld) await clearRun(out)
    const keep = async (checkpoint: Checkpoint) => {
      if (out !== null) await saveCheckpoint(out, checkpoint)
    }
    const steps = from?.state.steps ?? 0
    const events = out === null ? null : createEventsFile(out, { config, steps, now: Date.now })
    const onEvent = (event: TrainEvent) => events?.hear(event)
    const trained = await trainInTerminal({ config, from, source, engines, failures, signals, keep, onEvent })
    const { info } = await engines.get()
    const report = { ...summary(trained), device: info }
    // What took no step is no run: it would only be in the way of the next one.
    const isBegun = trained.checkpoint.points.length > 0
    const files = out !== null && isBegun ? await saveResults(out, trained.checkpoint, report) : []
    files.push(...(events?.paths() ?? []))
    if (trained.failure) throw new AppError(trained.failure.code, trained.failure.message)
    const end = trained.interrupted !== null ? interruption(trained, out) : sentence(trained)
    const { test } = trained
    return {
      text: hasTables && test ? `${end}\n\n${evaluationTables(test, source.classNames)}` : end,
      json: { ...report, files },
      exitCode: trained.interrupted === null ? 0 : exitCodeOf(trained.interrupted),
    }
  })
}

/** Who names an engine has decided; the machine must not. @throws AppError `engine-changed` */
function assertSameEngine({ engines }: Checkpoint, engine: EngineName): void {
  const before = lastEngine(engines)
  if (before === null || before === engine) return
  throw new AppError(
    'engine-changed',
    `${engineChangeSentence(before, engine).replace(/\.$/, '')}; name the engine with --engine ${engine} or --engine ${before}.`,
  )
}

async function newOrder(values: Values): Promise<Order> {
  const place = required('train', values, 'data')
  // Options are judged before anything is read, by the largest sets.
  configFrom('train', values, 'cifar10')
  const source = await openImageSource(place)
  return { config: configFrom('train', values, source.set), source, from: null, out: text(values, 'out') }
}

/** The folder's checkpoint says what is trained; only images from elsewhere must be named again. */
async function resumedOrder(values: Values, folder: string): Promise<Order> {
  const from = await loadCheckpoint(folder)
  const config = resumedConfigFrom('train', values, from.config, from.state.steps)
  const source = await openRunImages('train', values, folder, config.data.set)
  return { config, source, from, out: text(values, 'out') ?? folder }
}

/** What `--json` prints of a run, and what `metrics.json` holds. */
function summary({ checkpoint, test, seconds, imagesPerSecond }: TrainedInTerminal) {
  const { config, points, epochs, engines } = checkpoint
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
    testCoarseAccuracy: test && coarseAccuracy(config.data.set, test.confusion),
    testImages: last?.test.total ?? 0,
    epochs,
    seconds,
    imagesPerSecond,
    engines,
    config,
  }
}

function sentence({ checkpoint: { config, points }, test, seconds }: TrainedInTerminal): string {
  const score = test ? `test accuracy ${accuracyText(config.data.set, test)}` : 'not evaluated'
  return `${points.length} steps, ${seconds.toFixed(1)} s of them now; ${score}`
}

function interruption({ checkpoint: { points }, totalSteps }: TrainedInTerminal, out: string | null): string {
  if (points.length === 0) return 'stopped before the first step; nothing was saved'
  const at = `stopped at step ${points.length} of ${totalSteps}`
  return out === null
    ? `${at}; nothing was saved, because --out was not given`
    : `${at}; continue with \`lab train --resume ${out}\``
}
