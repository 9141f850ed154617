import { basename } from 'node:path'
import type { RunConfig } from '../../config/run-config.ts'
import type { TrainerState } from '../../engine/engine.ts'
import { rankRunFeatures } from '../../operations/rank-run-features.ts'
import { featureGridPng } from '../../transfer/feature-grid-png.ts'
import { readWeights } from '../../transfer/weights-file.ts'
import { commandLinePorts } from '../command-line-ports.ts'
import { type ImageSource, openImageSource } from '../image-source.ts'
import { configFrom, engineFrom } from '../options/config-options.ts'
import { required, text } from '../options/option-values.ts'
import type { Values } from '../options/options.ts'
import { assertFree, replaceFile } from './output-files.ts'
import { loadCheckpoint, readWeightsFile } from './run-folder.ts'
import { openRunImages } from './run-images.ts'
import { UsageError } from '../options/usage.ts'
import { withEngines } from '../device/with-engines.ts'

type Network = {
  readonly config: Pick<RunConfig, 'network' | 'data' | 'normalisation' | 'whitening' | 'seed'>
  readonly weights: Pick<TrainerState, 'parameters' | 'statistics'>
  readonly source: ImageSource
}

/** The verb `features`: the test images that a network's last features answer to least and most, as a picture. */
export async function features(values: Values): Promise<{ text: string; json: unknown }> {
  const out = required('features', values, 'out')
  const setting = engineFrom('features', values)
  const folder = text(values, 'run')
  const { config, weights, source } =
    folder === null ? await networkOfFile(values) : await networkOfRun(values, folder)
  await assertFree(out, values['overwrite'] === true)
  return withEngines(setting, async (engines) => {
    const engine = await engines.get()
    const grid = await rankRunFeatures(
      { config, weights },
      {
        ...commandLinePorts(source),
        engine,
        onProgress: (done, total) => console.error(`${done} of ${total} images`),
      },
    )
    const { pixels } = await source.load('test', grid.images)
    await replaceFile(out, await featureGridPng(grid, pixels))
    return {
      text: `${out}: ${grid.features.length} features on ${grid.images} test images`,
      json: { file: out, dataSet: source.set, device: engine.info, ...grid },
    }
  })
}

async function networkOfFile(values: Values): Promise<Network> {
  const file = required('features', values, 'weights')
  const place = required('features', values, 'data')
  // Options are judged before anything is read, by the largest sets.
  configFrom('features', values, 'cifar10')
  const source = await openImageSource(place)
  const config = configFrom('features', values, source.set)
  return { config, weights: readWeights(await readWeightsFile(file), config, basename(file)), source }
}

/** What goes with `--run`: its checkpoint says everything else. */
const WITH_RUN: ReadonlySet<string> = new Set([
  'run',
  'data',
  'out',
  'overwrite',
  'engine',
  'threads',
  'json',
])

async function networkOfRun(values: Values, folder: string): Promise<Network> {
  const decided = Object.keys(values).find((name) => !WITH_RUN.has(name))
  if (decided !== undefined) {
    throw new UsageError(`features: --run takes ${decided} from the run; leave out --${decided}`)
  }
  const { config, state } = await loadCheckpoint(folder)
  return { config, weights: state, source: await openRunImages('features', values, folder, config.data.set) }
}
