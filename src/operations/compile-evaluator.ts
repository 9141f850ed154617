import { sgd } from '../optimisers/sgd.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Trainer, TrainerState } from '../engine/engine.ts'
import type { Graph } from '../network/graph.ts'
import { imageNormalisation } from '../training/image-normalisation.ts'
import { loadTrainingImages, type TrainingImages } from '../training/run-images.ts'
import type { OperationPorts } from './operation-ports.ts'

/** What becomes of images, as where the network was trained. */
export type EvaluatorInputs = Pick<RunConfig, 'normalisation' | 'whitening'> & {
  /** What the network was trained on; whitening and some normalisations take their values from it. */
  readonly trainedOn: TrainingImages
}

/** A trainer that takes no step, only looks at images with these weights. Whoever asks for it disposes of it. */
export async function compileEvaluator(
  graph: Graph,
  { parameters, statistics }: Pick<TrainerState, 'parameters' | 'statistics'>,
  { normalisation, whitening, trainedOn }: EvaluatorInputs,
  { engine, loadImages, whiten, yieldToEventLoop }: OperationPorts,
): Promise<Trainer> {
  const trainingImages = async (): Promise<ImageSet> =>
    (await loadTrainingImages(trainedOn, loadImages)).train
  const constants = await imageNormalisation(normalisation, trainingImages)
  const order = whitening && { images: await trainingImages(), normalisation: constants, whitening }
  return engine.compile(graph, {
    batchSize: null,
    activations: 'f32',
    // Without a step, what the optimiser would do does not matter.
    optimiser: sgd.defaults,
    labelSmoothing: 0,
    normalisation: constants,
    whitening: order && (await whiten(order, engine, yieldToEventLoop)),
    dropoutSeed: 0,
    initial: { parameters, statistics, slots: {}, steps: 0 },
  })
}
