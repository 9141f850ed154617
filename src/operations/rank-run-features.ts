import type { FeatureGrid } from '../contract/feature-grid.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { TrainerState } from '../engine/engine.ts'
import { buildGraph } from '../network/build-graph.ts'
import { featuresNode } from '../network/graph.ts'
import { rankFeatures } from '../training/feature-ranking.ts'
import { compileEvaluator } from './compile-evaluator.ts'
import type { OperationPorts } from './operation-ports.ts'

export type RunToRank = {
  readonly config: Pick<RunConfig, 'network' | 'data' | 'normalisation' | 'whitening' | 'seed'>
  readonly weights: Pick<TrainerState, 'parameters' | 'statistics'>
}

/**
 * Which of a run's test images its features answer to. The network is one of its own, with the run's weights as they are
 * given, so that a run in training goes on meanwhile.
 */
export async function rankRunFeatures(
  { config, weights }: RunToRank,
  ports: OperationPorts,
): Promise<FeatureGrid> {
  const { data, normalisation, whitening } = config
  const graph = buildGraph(config)
  const images = await ports.loadImages(data.set, 'test', data.limitTest)
  const inputs = { normalisation, whitening, trainedOn: config }
  const trainer = await compileEvaluator(graph, weights, inputs, ports)
  try {
    const features = featuresNode(graph).shape.channels
    return await rankFeatures(trainer, images, features, (done) => {
      ports.onProgress?.(done, images.count)
      return ports.yieldToEventLoop()
    })
  } finally {
    trainer.dispose()
  }
}
