import { OPTIMISER_DEFAULTS } from '../contract/optimiser-defaults.ts'
import type { RunConfig } from '../contract/run-config.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Engine, Trainer, TrainerState } from '../engine/engine.ts'
import type { Graph } from '../network/graph.ts'
import { imageNormalisation } from '../training/image-normalisation.ts'

/** A trainer that takes no step, only looks at images with these weights. Whoever asks for it disposes of it. */
export async function compileEvaluator(
  engine: Engine,
  graph: Graph,
  { parameters, statistics }: Pick<TrainerState, 'parameters' | 'statistics'>,
  normalisation: RunConfig['normalisation'],
  /** What the network was trained on; some normalisations take figures from it. */
  trainingImages: () => Promise<ImageSet>,
): Promise<Trainer> {
  return engine.compile(graph, {
    batchSize: null,
    activations: 'f32',
    // Without a step, what the optimiser would do does not matter.
    optimiser: OPTIMISER_DEFAULTS.sgd,
    labelSmoothing: 0,
    normalisation: await imageNormalisation(normalisation, trainingImages),
    dropoutSeed: 0,
    initial: { parameters, statistics, slots: {}, steps: 0 },
  })
}
