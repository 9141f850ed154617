import type { DataSetId } from '../contract/data-set.ts'
import type { Evaluation } from '../contract/evaluation.ts'
import type { NetworkConfig } from '../contract/network-config.ts'
import type { RunConfig } from '../contract/run-config.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Engine } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { evaluateOn } from '../training/evaluate.ts'
import type { TrainingImages } from '../training/run-images.ts'
import type { MakeWhitening } from '../training/participant.ts'
import { readWeights, readWeightsConfig } from '../transfer/weights-file.ts'
import { compileEvaluator } from './compile-evaluator.ts'

export type WeightsToEvaluate = {
  readonly bytes: Uint8Array
  readonly fileName: string
  /** Whether the network and normalisation that a file of this lab carries count for more than `expected`. */
  readonly trustsFile: boolean
  readonly expected: Pick<RunConfig, 'network' | 'normalisation' | 'whitening'>
  readonly set: DataSetId
  readonly images: ImageSet
  /** What the network was trained on; some normalisations take figures from it. */
  readonly trainingImages: (of: TrainingImages) => Promise<ImageSet>
  readonly whiten: MakeWhitening
  readonly engine: Engine
  /** Awaited before each batch, with the images done so far. */
  readonly between: (done: number) => Promise<void>
}

export type EvaluatedWeights = {
  network: NetworkConfig
  networkFrom: 'file' | 'settings'
  evaluation: Evaluation
}

/**
 * The score of a safetensors file.
 * @throws AppError `weights-malformed`, `weights-mismatch`, `weights-not-finite`
 */
export async function evaluateWeightsFile(given: WeightsToEvaluate): Promise<EvaluatedWeights> {
  const { bytes, fileName, set, images, engine } = given
  const own = given.trustsFile ? readWeightsConfig(bytes, fileName) : null
  const { network, normalisation, whitening } = own ?? given.expected
  const graph = buildGraph({ network, data: { set } })
  const weights = readWeights(bytes, { network, data: { set } }, fileName)
  const trainer = await compileEvaluator(engine, graph, weights, {
    normalisation,
    whitening,
    whiten: given.whiten,
    trainingImages: () =>
      given.trainingImages(own ?? { data: { set, limitTrain: null, validation: null }, seed: 0 }),
  })
  try {
    const evaluation = await evaluateOn(trainer, images, graph.classes, given.between)
    return { network, networkFrom: own ? 'file' : 'settings', evaluation }
  } finally {
    trainer.dispose()
  }
}
