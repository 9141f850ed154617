import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeGpu } from '../../../cli/node-gpu.ts'
import { createScore } from '../../score.ts'
import { packChannels } from '../layout.ts'
import { count, TALLY_LOSS_BYTES } from './count.ts'
import { runKernels } from './run-kernel.ts'
import { noise } from './test-noise.ts'

let device: GPUDevice
beforeAll(async () => {
  const { gpu } = await createNodeGpu()
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('this driver gives no adapter')
  device = await adapter.requestDevice()
})
afterAll(() => device.destroy())

const SLOT = 5

/** Counts the batch `times` over, in a plan for one image more. */
async function tally(logits: Float32Array, labels: readonly number[], classes: number, times: number) {
  const kernel = count(labels.length + 1, classes)
  const results = await runKernels(
    device,
    Array.from({ length: times }, () => kernel),
    {
      logits: packChannels(Float32Array.of(...logits, ...new Float32Array(classes).fill(9)), classes),
      // Bits above the label's byte are the crop's.
      images: Uint32Array.from([...labels, 0], (label) => label | 0x01030400),
      losses: new Float32Array(TALLY_LOSS_BYTES / 4),
      confusion: new Uint32Array(classes ** 2),
    },
    { metricsSlot: SLOT, images: labels.length },
  )
  const { confusion = new Float32Array(), losses = new Float32Array() } = results
  return { confusion: new Uint32Array(confusion.buffer), losses }
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
  const { confusion, lossSum } = expected.finish()
  const found = await tally(logits, labels, classes, 2)
  expect(Array.from(found.confusion)).toEqual(Array.from(confusion))
  expect((found.losses[SLOT] ?? 0) / lossSum).toBeCloseTo(1, 5)
  expect(found.losses.filter((loss) => loss !== 0)).toHaveLength(1)
})

test('of equal logits the first is the answer, and large ones do not overflow', async () => {
  const logits = Float32Array.of(0, 7, 7, 7, 1000, 0, 0, 1000, -3, -3, -3, -3)
  const { confusion, losses } = await tally(logits, [2, 3, 1], 4, 1)
  expect(Array.from(confusion)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0])
  expect(losses[SLOT]).toBeCloseTo(Math.log(3 + Math.exp(-7)) + Math.log(2) + Math.log(4), 5)
})
