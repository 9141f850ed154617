import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNodeGpu } from '../../../cli/node-gpu.ts'
import { IMAGE_BYTES } from '../../../contract/data-set.ts'
import { createRandom } from '../../../contract/random.ts'
import type { Normalisation } from '../../../contract/run-config.ts'
import { decodeBatch } from '../../decode-batch.ts'
import type { Batch } from '../../engine.ts'
import { packChannels } from '../layout.ts'
import { decode, imageWords, normalisationTable } from './decode.ts'
import { runKernels } from './run-kernel.ts'

let device: GPUDevice
beforeAll(async () => {
  const { gpu } = await createNodeGpu()
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('this driver gives no adapter')
  device = await adapter.requestDevice()
})
afterAll(() => device.destroy())

const NORMALISATION: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

function randomBatch(size: number, padding: number | null): Batch {
  const random = createRandom(1, 'decode test')
  const bytes = (length: number, bound: number) => Uint8Array.from({ length }, () => random.below(bound))
  return {
    size,
    pixels: bytes(size * IMAGE_BYTES, 256),
    labels: bytes(size, 100),
    augmentation:
      padding === null
        ? null
        : {
            padding,
            left: bytes(size, 2 * padding + 1),
            top: bytes(size, 2 * padding + 1),
            flip: bytes(size, 2),
          },
  }
}

test.each([
  { name: 'images as they are', size: 3, padding: null },
  { name: 'cropped from a padding of 4, some mirrored', size: 17, padding: 4 },
  { name: 'mirrored only', size: 3, padding: 0 },
  { name: 'cropped from the largest padding', size: 5, padding: 16 },
])('$name: the same bits as the reference', async ({ size, padding }) => {
  const batch = randomBatch(size, padding)
  const expected = packChannels(decodeBatch(batch, NORMALISATION), 3)
  const { destination } = await runKernels(
    device,
    [decode(size)],
    {
      pixels: Uint8Array.from(batch.pixels),
      images: imageWords(batch),
      normalised: normalisationTable(NORMALISATION),
      destination: expected.byteLength,
    },
    { images: size, cropPadding: padding ?? 0, metricsSlot: 0, learningRate: 0 },
  )
  expect(destination).toEqual(expected)
})
