import type { FeatureGrid } from '../contract/feature-grid.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { Split } from '../base/data-set.ts'
import type { ImageSet } from '../data/image-set.ts'
import type { Engine, TrainerState } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { featuresNode } from '../network/graph.ts'
import { rankFeatures } from '../training/feature-ranking.ts'
import { loadTrainingImages } from '../training/run-images.ts'
import type { MakeWhitening } from '../training/participant.ts'
import { compileEvaluator } from './compile-evaluator.ts'

export type RunToRank = {
  readonly config: Pick<RunConfig, 'network' | 'data' | 'normalisation' | 'whitening' | 'seed'>
  readonly weights: Pick<TrainerState, 'parameters' | 'statistics'>
  readonly load: (split: Split, limit: number | null) => Promise<ImageSet>
  readonly whiten: MakeWhitening
  readonly engine: Engine
  /** Awaited before each batch. */
  readonly between: (images: number, total: number) => Promise<void>
}

/**
 * Which of a run's test images its features answer to. The network is one of its own, with the run's weights as they are
 * given, so that a run in training goes on meanwhile.
 */
export async function rankRunFeatures({
  config,
  weights,
  load,
  whiten,
  engine,
  between,
}: RunToRank): Promise<FeatureGrid> {
  const { data, normalisation, whitening } = config
  const graph = buildGraph(config)
  const images = await load('test', data.limitTest)
  const trainer = await compileEvaluator(engine, graph, weights, {
    normalisation,
    whitening,
    whiten,
    trainingImages: async () =>
      (await loadTrainingImages(config, (_set, split, limit) => load(split, limit))).train,
  })
  try {
    const features = featuresNode(graph).shape.channels
    return await rankFeatures(trainer, images, features, (done) => between(done, images.count))
  } finally {
    trainer.dispose()
  }
}
