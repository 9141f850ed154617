import { expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import { packChannels, unpackChannels, vectorBytes } from '../memory/layout.ts'
import { crossEntropy as reference } from '../../reference/cross-entropy.ts'
import { crossEntropy, METRICS_BYTES } from './cross-entropy.ts'
import { relativeError } from '../../../testing/webgpu/relative-error.ts'
import { runKernels } from '../device/run-kernel.ts'
import { noise } from '../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

const SLOT = 3

async function run(
  logits: Float64Array,
  labels: readonly number[],
  { batch, classes, smoothing }: { batch: number; classes: number; smoothing: number },
  lossScale = 1,
) {
  const results = await runKernels(
    device(),
    [crossEntropy({ batch, classes }, { labelSmoothing: smoothing, lossScale })],
    {
      logits: packChannels(Float32Array.from(logits), classes),
      // Bits above the label's byte are the crop's.
      images: Uint32Array.from(labels, (label) => label | 0x01030400),
      gradient: batch * vectorBytes(classes),
      metrics: (SLOT + 2) * METRICS_BYTES,
    },
    { images: labels.length, cropPadding: 4, metricsSlot: SLOT, learningRate: 0 },
  )
  const gradient = unpackChannels(results['gradient'] ?? new Float32Array(), classes)
  return { gradient, rows: results['gradient'], metrics: results['metrics'] ?? new Float32Array() }
}

test.each([
  { batch: 1, images: 1, classes: 10, smoothing: 0 },
  { batch: 17, images: 17, classes: 10, smoothing: 0.1 },
  { batch: 130, images: 130, classes: 100, smoothing: 0 },
  { batch: 70, images: 66, classes: 5, smoothing: 0.1 },
])('$images of $batch images, $classes classes, smoothing $smoothing', async (given) => {
  const { batch, images, classes, smoothing } = given
  const logits = noise(batch * classes, 1).map((value) => Math.fround(value * 5))
  const labels = Array.from({ length: images }, (_, i) => (i * 7) % classes)
  const { gradient, rows, metrics } = await run(logits, labels, given)

  const expected = reference(logits.subarray(0, images * classes), labels, classes, smoothing)
  expect(relativeError(gradient.subarray(0, images * classes), expected.gradient)).toBeLessThan(1e-5)
  expect(gradient.subarray(images * classes).every((value) => value === 0)).toBe(true)
  expect(packChannels(gradient, classes)).toEqual(rows)
  expect(Math.abs((metrics[SLOT * 2] ?? 0) / expected.loss - 1)).toBeLessThan(1e-5)
  expect(metrics[SLOT * 2 + 1]).toBe(expected.correct)
  expect([...metrics].filter((value) => !Number.isNaN(value))).toHaveLength(2)
})

test('logits of a thousand do not overflow, and the loss is not finite where a logit is NaN', async () => {
  const given = { batch: 2, classes: 4, smoothing: 0 }
  const large = Float64Array.of(1000, -1000, 0, 999, 1000, -1000, 0, 999)
  const { metrics } = await run(large, [0, 3], given)
  const expected = reference(large, [0, 3], 4, 0)
  expect(Math.abs((metrics[SLOT * 2] ?? 0) / expected.loss - 1)).toBeLessThan(1e-5)
  // In the label's place, and in another.
  for (const place of [7, 6]) {
    const broken = await run(large.with(place, Number.NaN), [0, 3], given)
    expect(broken.metrics[SLOT * 2]).not.toSatisfy(Number.isFinite)
  }
})

test('a scale of the loss multiplies the gradient to the bit, and leaves loss and count', async () => {
  const given = { batch: 3, classes: 10, smoothing: 0.1 }
  const logits = noise(30, 1)
  const [plain, scaled] = [await run(logits, [1, 2, 3], given), await run(logits, [1, 2, 3], given, 1024)]
  expect(scaled.gradient).toEqual(plain.gradient.map((value) => 1024 * value))
  expect(scaled.metrics).toEqual(plain.metrics)
})
