import { expect, test } from 'vitest'
import { useTestDevice } from '../../../testing/node/test-device.ts'
import { createScore } from '../../score.ts'
import { packChannels } from '../memory/layout.ts'
import { count, TALLY_LOSS_BYTES } from './count.ts'
import { runKernels } from '../device/run-kernel.ts'
import { noise } from '../../../testing/webgpu/test-noise.ts'

const device = useTestDevice()

const SLOT = 5
/** Within a word, so that images of two batches share one. */
const FIRST_IMAGE = 3

/** Counts the batch `times` over. */
async function tally(logits: Float32Array, labels: readonly number[], classes: number, times: number) {
  const kernel = count(logits.length / classes, classes)
  const results = await runKernels(
    device(),
    Array.from({ length: times }, () => kernel),
    {
      logits: packChannels(logits, classes),
      // Bits above the label's byte are the crop's.
      images: Uint32Array.from(labels, (label) => label | 0x01030400),
      losses: new Float32Array(TALLY_LOSS_BYTES / 4),
      confusion: new Uint32Array(classes ** 2),
      predicted: new Uint32Array(Math.ceil((FIRST_IMAGE + labels.length) / 4)),
    },
    { images: labels.length, metricsSlot: SLOT, firstImage: FIRST_IMAGE },
  )
  const { confusion = new Float32Array(), losses = new Float32Array() } = results
  const predicted = new Uint8Array((results['predicted'] ?? new Float32Array()).buffer)
  return {
    confusion: new Uint32Array(confusion.buffer),
    losses,
    before: predicted.subarray(0, FIRST_IMAGE),
    predicted: predicted.subarray(FIRST_IMAGE, FIRST_IMAGE + labels.length),
  }
}

test.each([
  { batch: 1, classes: 10 },
  { batch: 3, classes: 3 },
  { batch: 17, classes: 5 },
  { batch: 130, classes: 100 },
])('$batch images of $classes classes, counted twice', async ({ batch, classes }) => {
  const logits = Float32Array.from(noise(batch * classes, 1), (value) => value * 5)
  const labels = Array.from({ length: batch }, (_, i) => (i * 7) % classes)
  const expected = createScore(classes)
  for (let i = 0; i < 2; i++) expected.add(logits, Uint8Array.from(labels))
  const { confusion, lossSum, predicted } = expected.finish()
  const found = await tally(logits, labels, classes, 2)
  expect(Array.from(found.confusion)).toEqual(Array.from(confusion))
  expect(Array.from(found.predicted)).toEqual(Array.from(predicted.subarray(0, labels.length)))
  expect(Array.from(found.before)).toEqual([0, 0, 0])
  expect((found.losses[SLOT] ?? 0) / lossSum).toBeCloseTo(1, 5)
  expect(found.losses.filter((loss) => loss !== 0)).toHaveLength(1)
})

test('the images behind those that count are in no value', async () => {
  const logits = Float32Array.from(noise(17 * 5, 1))
  const { confusion, losses } = await tally(logits, [3, 1], 5, 1)
  const expected = createScore(5)
  expected.add(logits, Uint8Array.of(3, 1))
  expect(Array.from(confusion)).toEqual(Array.from(expected.finish().confusion))
  expect(losses[SLOT]).toBeCloseTo(expected.finish().lossSum, 5)
})

test('of equal logits the first is the answer, and large ones do not overflow', async () => {
  const logits = Float32Array.of(0, 7, 7, 7, 1000, 0, 0, 1000, -3, -3, -3, -3)
  const { confusion, losses, predicted } = await tally(logits, [2, 3, 1], 4, 1)
  expect(Array.from(predicted)).toEqual([1, 0, 0])
  expect(Array.from(confusion)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0])
  expect(losses[SLOT]).toBeCloseTo(Math.log(3 + Math.exp(-7)) + Math.log(2) + Math.log(4), 5)
})
