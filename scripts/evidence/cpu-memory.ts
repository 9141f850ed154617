// What the CPU engine takes beside what its plan says: resident memory of this process before a network is compiled and after
// a step and an evaluation. Prints a Markdown table. Run: npx tsx scripts/evidence/cpu-memory.ts
import { nodeCpuHost } from '../../src/cli/device/node-cpu-host.ts'
import { createCpuEngine } from '../../src/engine/cpu/cpu-engine.ts'
import { IMAGE_BYTES } from '../../src/base/data-set.ts'
import { buildGraph } from '../../src/network/build-graph.ts'
import { findPreset } from '../../src/presets/presets.ts'
import { initialState } from '../../src/training/initialise.ts'

const CASES = [
  { preset: 'akamaster-20', batch: 32 },
  { preset: 'akamaster-20', batch: 128 },
  { preset: 'akamaster-56', batch: 128 },
  { preset: 'iavicenna-18', batch: 128 },
]
const MEBIBYTE = 2 ** 20

const engine = await createCpuEngine({
  host: nodeCpuHost,
  threads: 2,
  onFailure(error) {
    throw error
  },
})
console.log('| network | batch | plan, MiB | measured, MiB | measured ÷ plan |\n|---|--:|--:|--:|--:|')
for (const { preset, batch } of CASES) {
  const config = findPreset(preset)?.config
  if (!config) throw new Error(`no preset ${preset}`)
  const graph = buildGraph(config)
  const images = {
    size: batch,
    pixels: new Uint8Array(batch * IMAGE_BYTES),
    labels: new Uint8Array(batch),
    augmentation: null,
  }
  const initial = initialState(graph, 1)
  let planned = 0
  const before = process.memoryUsage.rss()
  const trainer = await engine.compile(graph, {
    batchSize: batch,
    activations: 'f32',
    optimiser: config.optimiser,
    labelSmoothing: 0,
    normalisation: { kind: 'channels', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    dropoutSeed: 1,
    initial,
    onProgress(progress) {
      if (progress.kind !== 'memory') return
      planned = Object.values(progress.bytes).reduce((sum, bytes) => sum + bytes, 0)
    },
  })
  trainer.step(images, { learningRate: 0.1 })
  await trainer.drain()
  await trainer.evaluate(images)
  const taken = process.memoryUsage.rss() - before
  trainer.dispose()
  const [plan, measured] = [planned / MEBIBYTE, taken / MEBIBYTE]
  console.log(
    `| ${preset} | ${batch} | ${plan.toFixed(0)} | ${measured.toFixed(0)} | ${(measured / plan).toFixed(2)} |`,
  )
}
engine.dispose()
