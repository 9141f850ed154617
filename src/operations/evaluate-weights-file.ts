import { AppError } from '../base/app-error.ts'
import type { NetworkOrigin } from '../contract/commands/export-commands.ts'
import { DATA_SETS, type DataSetId } from '../base/data-set.ts'
import type { Evaluation } from '../contract/evaluation.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { ImageSet } from '../data/image-set.ts'
import { buildGraph } from '../network/build-graph.ts'
import { systemOf } from '../presets/presets.ts'
import { evaluateOn } from '../training/evaluate.ts'
import type { TrainingImages } from '../training/run-images.ts'
import { recogniseWeights } from '../transfer/recognise-weights.ts'
import { fitsNetwork, readWeights, readWeightsConfig } from '../transfer/weights-file.ts'
import { compileEvaluator } from './compile-evaluator.ts'
import type { OperationPorts } from './operation-ports.ts'

export type WeightsToEvaluate = {
  readonly bytes: Uint8Array
  readonly fileName: string
  /** Whether the network and normalisation that a file of this lab carries count for more than `expected`. */
  readonly trustsFile: boolean
  readonly expected: Pick<RunConfig, 'network' | 'normalisation' | 'whitening'>
  readonly set: DataSetId
  readonly images: ImageSet
}

export type EvaluatedWeights = {
  network: NetworkConfig
  networkFrom: NetworkOrigin
  evaluation: Evaluation
  /** What each image was taken for, in their order. */
  predicted: Uint8Array
}

/**
 * The score of a safetensors file.
 * @throws AppError `weights-malformed`, `weights-mismatch`, `weights-not-finite`
 */
export async function evaluateWeightsFile(
  given: WeightsToEvaluate,
  ports: OperationPorts,
): Promise<EvaluatedWeights> {
  const { bytes, fileName, set, images } = given
  const { network, normalisation, whitening, trainedOn, networkFrom } = networkOf(given)
  const graph = buildGraph({ network, data: { set } })
  const weights = readWeights(bytes, { network, data: { set } }, fileName)
  const trainer = await compileEvaluator(graph, weights, { normalisation, whitening, trainedOn }, ports)
  try {
    const { evaluation, predicted } = await evaluateOn(trainer, images, graph.classes, (done) => {
      ports.onProgress?.(done, images.count)
      return ports.yieldToEventLoop()
    })
    return { network, networkFrom, evaluation, predicted }
  } finally {
    trainer.dispose()
  }
}

type FoundNetwork = Pick<RunConfig, 'network' | 'normalisation' | 'whitening'> & {
  readonly trainedOn: TrainingImages
  readonly networkFrom: NetworkOrigin
}

/** What the file says of itself; else the expected network, where the tensors are its; else the preset whose they are. */
function networkOf({ bytes, fileName, trustsFile, expected, set }: WeightsToEvaluate): FoundNetwork {
  const asExpected: FoundNetwork = {
    network: expected.network,
    normalisation: expected.normalisation,
    whitening: expected.whitening,
    trainedOn: wholeSet(set),
    networkFrom: { kind: 'settings' },
  }
  if (!trustsFile) return asExpected
  const own = readWeightsConfig(bytes, fileName)
  if (own) {
    const { network, normalisation, whitening } = own
    return { network, normalisation, whitening, trainedOn: own, networkFrom: { kind: 'file' } }
  }
  if (fitsNetwork(bytes, { network: expected.network, data: { set } }, fileName)) return asExpected
  const found = recogniseWeights(bytes, fileName)
  // Not recognised either: reading it as the expected network names the first difference.
  if (!found) return asExpected
  const { preset, network, classes, tensors, identityKnown } = found
  if (classes !== DATA_SETS[set].classes) {
    throw new AppError(
      'weights-mismatch',
      `${fileName} holds ${systemOf(preset.id)?.title}: ${preset.title} for ${classes} classes, and ${DATA_SETS[set].title} has ${DATA_SETS[set].classes}. Choose a data set of ${classes} classes, then import it again.`,
    )
  }
  return {
    network,
    normalisation: preset.config.normalisation,
    whitening: preset.config.whitening,
    trainedOn: wholeSet(set),
    networkFrom: { kind: 'names', preset: preset.id, tensors, identityKnown },
  }
}

const wholeSet = (set: DataSetId): TrainingImages => ({
  data: { set, limitTrain: null, validation: null },
  seed: 0,
})
