import { expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { createGraphBuilder } from '../../network/graph-builder.ts'
import { createProgramBuilder } from '../compiler/program.ts'
import { crossEntropy as reference } from '../reference/cross-entropy.ts'
import { relativeError } from '../../testing/webgpu/relative-error.ts'
import { noise } from '../../testing/webgpu/test-noise.ts'
import { compileModules } from '../../testing/cpu-engine/compile-modules.ts'
import { runProgram } from '../../testing/cpu-engine/run-program.ts'

const MODULES = await compileModules(nodeCpuHost)

type Case = { readonly batch: number; readonly classes: number; readonly smoothing: number }

async function run(
  module: WebAssembly.Module,
  logits: Float64Array,
  labels: readonly number[],
  { batch, classes, smoothing }: Case,
) {
  const graphs = createGraphBuilder({ height: 1, width: 1, channels: 4 })
  const graph = graphs.finish(graphs.dense(graphs.relu(graphs.input), 'fc', classes))
  const builder = createProgramBuilder()
  const shape = { height: 1, width: 1, channels: classes }
  const [ids, gradient] = [builder.images(shape, 'logits'), builder.images(shape, 'dLogits')]
  builder.emit({ op: 'crossEntropy', reads: { logits: ids }, writes: { dLogits: gradient } })
  const images = labels.length
  const bytes = Uint8Array.from(labels)
  const result = await runProgram(module, {
    graph,
    program: builder.finish(),
    batch,
    images,
    inputs: new Map([[ids, logits]]),
    outputs: [gradient],
    options: { labelSmoothing: smoothing },
    upload: {
      size: images,
      pixels: new Uint8Array(images * 3072),
      labels: bytes,
      // What is above the label's byte in its word must not count.
      augmentation: { rotation: null, padding: 4, left: bytes, top: bytes, flip: bytes.map(() => 1) },
    },
  })
  return { gradient: result.value(gradient), beyond: result.beyond(gradient), metrics: result.metrics }
}

test.each([
  { batch: 1, images: 1, classes: 10, smoothing: 0 },
  { batch: 17, images: 17, classes: 10, smoothing: 0.1 },
  { batch: 130, images: 130, classes: 100, smoothing: 0 },
  { batch: 70, images: 66, classes: 5, smoothing: 0.1 },
])('$images of $batch images, $classes classes, smoothing $smoothing', async ({ images, ...given }) => {
  const { classes, smoothing } = given
  const logits = noise(images * classes, 1).map((value) => Math.fround(value * 5))
  const labels = Array.from({ length: images }, (_, i) => (i * 7) % classes)
  const expected = reference(logits, labels, classes, smoothing)
  for (const [, module] of MODULES) {
    const { gradient, beyond, metrics } = await run(module, logits, labels, given)
    expect(relativeError(gradient, expected.gradient)).toBeLessThan(1e-5)
    expect(Math.abs(metrics.loss / expected.loss - 1)).toBeLessThan(1e-7)
    expect(metrics.correct).toBe(expected.correct)
    expect(beyond.every(Number.isNaN)).toBe(true)
  }
})

test.each(MODULES)('logits of a thousand do not overflow: %s', async (_, module) => {
  const given = { batch: 2, classes: 4, smoothing: 0 }
  const large = Float64Array.of(1000, -1000, 0, 999, 1000, -1000, 0, 999)
  const { metrics } = await run(module, large, [0, 3], given)
  expect(Math.abs(metrics.loss / reference(large, [0, 3], 4, 0).loss - 1)).toBeLessThan(1e-7)
})

test.each(MODULES)('the loss is not finite where a logit is NaN, wherever it is: %s', async (_, module) => {
  for (const smoothing of [0, 0.1]) {
    for (const place of [0, 5, 6, 7]) {
      const logits = noise(8, 1).with(place, Number.NaN)
      const { metrics } = await run(module, logits, [0, 3], { batch: 2, classes: 4, smoothing })
      expect(metrics.loss).not.toSatisfy(Number.isFinite)
    }
  }
})

test('of equal logits the first is the answer', async () => {
  const [[, module] = []] = MODULES
  if (!module) throw new Error('there are modules')
  const logits = Float64Array.of(1, 2, 2, 0, 3, 3, 3, 3)
  const { metrics } = await run(module, logits, [1, 3], { batch: 2, classes: 4, smoothing: 0 })
  expect(metrics.correct).toBe(1)
})
