// What a second run beside the first costs: interleaved rounds of A alone, both in lockstep, B alone, on this machine's
// GPU or a software one. Prints the ratio of both to the mean of one; the aim is at most 2.05 on a quiet machine.
// Run: npx tsx scripts/evidence/pair-cost.ts
import { createNodeGpu } from '../../src/cli/device/node-gpu.ts'
import type { RunConfig } from '../../src/config/run-config.ts'
import { generateBuiltinSet } from '../../src/data/builtin-set.ts'
import { createEngine } from '../../src/engine/create-engine.ts'
import type { Engine, Trainer } from '../../src/engine/engine.ts'
import { buildGraph } from '../../src/network/build-graph.ts'
import { PRESETS } from '../../src/presets/presets.ts'
import { heNetwork } from '../../src/presets/he.ts'
import { initialState } from '../../src/training/initialise.ts'
import { gather } from '../../src/training/sampler.ts'

const ROUNDS = 11
const STEPS = 8
const BATCH = 16
const NETWORK = { n: 1, width: 8 }

function compile(engine: Engine, identity: boolean): Promise<Trainer> {
  const config = PRESETS[0]?.config
  if (!config) throw new Error('there is no preset')
  const network: RunConfig['network'] = heNetwork({ ...NETWORK, identity })
  const graph = buildGraph({ ...config, network })
  return engine.compile(graph, {
    ...config,
    batchSize: BATCH,
    whitening: null,
    dropoutSeed: 1,
    normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    initial: initialState(graph, 1),
  })
}

/** Enqueues the steps of all trainers as a session does, and waits for the last. */
async function millisecondsOf(trainers: readonly Trainer[]): Promise<number> {
  const begun = performance.now()
  for (let step = 0; step < STEPS; step++) {
    for (const trainer of trainers) trainer.step(batch, { learningRate: 0.01 })
  }
  await Promise.all(trainers.map((trainer) => trainer.drain()))
  return performance.now() - begun
}

const { gpu, driver } = await createNodeGpu()
const engine = await createEngine({
  engine: 'webgpu',
  gpu,
  onFailure: (error) => {
    throw error
  },
})
const batch = gather(
  generateBuiltinSet().train,
  Array.from({ length: BATCH }, (_, i) => i),
)
const a = await compile(engine, true)
const b = await compile(engine, false)
await millisecondsOf([a, b])
const ratios: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const one = await millisecondsOf([a])
  const both = await millisecondsOf([a, b])
  const other = await millisecondsOf([b])
  ratios.push((2 * both) / (one + other))
  console.error(
    `round ${round + 1}: A ${one.toFixed(0)} ms, both ${both.toFixed(0)} ms, B ${other.toFixed(0)} ms`,
  )
}
a.dispose()
b.dispose()
engine.dispose()
const sorted = ratios.toSorted((one, other) => one - other)
const shareOf = (share: number) => sorted[Math.round(share * (ROUNDS - 1))] ?? Number.NaN
const [low, median, high] = [shareOf(0), shareOf(0.5), shareOf(1)]
console.log(
  `a pair costs ${median.toFixed(2)} times one run in the median (${low.toFixed(2)} to ${high.toFixed(2)}; ${ROUNDS} rounds of ` +
    `${STEPS} steps, ResNet-${6 * NETWORK.n + 2} of width ${NETWORK.width}, batch ${BATCH}; ${engine.info.adapter}, ${driver})`,
)
