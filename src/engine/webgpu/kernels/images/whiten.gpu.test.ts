import { expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { packFilter, unpackChannels } from '../../memory/layout.ts'
import { dense } from '../../../reference/dense.ts'
import { relativeError } from '../../../../testing/webgpu/relative-error.ts'
import { runKernels } from '../../device/run-kernel.ts'
import { noise } from '../../../../testing/webgpu/test-noise.ts'
import { packWhitening, whiten } from './whiten.ts'

const device = useTestDevice()

test.each([
  { batch: 1, pixels: 4 },
  { batch: 3, pixels: 20 },
  { batch: 17, pixels: 36 },
  // As large as images are.
  { batch: 3, pixels: 1024 },
])('$batch images of $pixels pixels', async ({ batch, pixels }) => {
  const values = 3 * pixels
  const shape = { batch, inChannels: values, outChannels: values }
  const images = noise(batch * values, 1)
  const matrix = noise(values ** 2, 2)
  const mean = noise(values, 3)
  const centred = images.map((value, i) => value - (mean[i % values] ?? 0))
  const expected = dense(centred, matrix, new Float64Array(values), shape)
  const weights = Float32Array.from(matrix)
  const { destination = new Float32Array() } = await runKernels(device(), [whiten(batch, pixels)], {
    source: Float32Array.from(images),
    matrix: pixels === 1024 ? packWhitening(weights) : packFilter(weights, { ...shape, kernel: 1 }),
    mean: Float32Array.from(mean),
    destination: batch * pixels * 16,
  })
  expect(relativeError(unpackChannels(destination, 3), expected)).toBeLessThan(1e-5)
  expect(destination.filter((value, i) => i % 4 === 3 && value !== 0)).toHaveLength(0)
})

test('a matrix of another size is refused', () => {
  expect(() => packWhitening(new Float32Array(9))).toThrow(/9 values, not 3072²/)
})
