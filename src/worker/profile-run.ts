import { IMAGE_BYTES } from '../base/data-set.ts'
import type { KernelShare } from '../contract/kernel-share.ts'
import { createRandom } from '../base/random.ts'
import type { RunConfig } from '../config/run-config.ts'
import type { Batch, Engine } from '../engine/engine.ts'
import { kernelShares } from '../engine/kernel-shares.ts'
import { profileKernels } from '../engine/profile-kernels.ts'
import { buildGraph } from '../network/build-graph.ts'
import { imageNormalisation } from '../training/image-normalisation.ts'
import { initialState } from '../training/initialise.ts'

/**
 * What each kernel of a step of such a run takes. A network of its own trains on noise for it, so that a run in training
 * stays as it is.
 * @throws AppError `device-unavailable` where the device keeps no time
 */
export async function profileRun(engine: Engine, config: RunConfig): Promise<KernelShare[]> {
  const graph = buildGraph(config)
  const { batchSize, activations, optimiser, labelSmoothing, seed } = config
  const batch = noise(batchSize, graph.classes, seed)
  const images = { ...batch, count: batch.size, classNames: [] }
  const trainer = await engine.compile(graph, {
    batchSize,
    activations,
    optimiser,
    labelSmoothing,
    normalisation: await imageNormalisation(config.normalisation, async () => images),
    // The product takes as long with zeros.
    whitening: config.whitening && {
      matrix: new Float32Array(IMAGE_BYTES ** 2),
      mean: new Float32Array(IMAGE_BYTES),
    },
    dropoutSeed: seed,
    initial: initialState(graph, seed),
  })
  try {
    return kernelShares(await profileKernels(trainer, batch, { learningRate: 0 }))
  } finally {
    trainer.dispose()
  }
}

function noise(size: number, classes: number, seed: number): Batch {
  const random = createRandom(seed, 'profile')
  return {
    size,
    pixels: new Uint8Array(size * IMAGE_BYTES).map(() => random.below(256)),
    labels: new Uint8Array(size).map(() => random.below(classes)),
    augmentation: null,
  }
}
