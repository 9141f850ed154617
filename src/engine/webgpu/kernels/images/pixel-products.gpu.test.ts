import { expect, test } from 'vitest'
import { useTestDevice } from '../../../../testing/node/test-device.ts'
import { createRandom } from '../../../../base/random.ts'
import { pixelProducts } from './pixel-products.ts'
import { runKernels } from '../../device/run-kernel.ts'

const device = useTestDevice()

test.each([
  { images: 4, values: 4, byte: null },
  { images: 300, values: 36, byte: null },
  // Float32 sums of the largest bytes would round at the 259th image.
  { images: 1_020, values: 12, byte: 255 },
])('$images images of $values bytes, exactly, added to what was there', async ({ images, values, byte }) => {
  const random = createRandom(1, 'pixels')
  const bytes = new Uint8Array(images * values).map(() => byte ?? random.below(256))
  // A word holds the bytes of four images.
  const packed = bytes.map((_, at) => {
    const word = Math.floor(at / 4)
    const image = Math.floor(word / values) * 4 + (at % 4)
    return bytes[image * values + (word % values)] ?? 0
  })
  const before = 3_000_000_000
  const { products = new Float32Array() } = await runKernels(device(), [pixelProducts(images / 4, values)], {
    images: packed,
    products: new Uint32Array(values ** 2).fill(before),
  })
  const found = new Uint32Array(products.buffer)
  for (let i = 0; i < values; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = before
      for (let n = 0; n < images; n++) sum += (bytes[n * values + i] ?? 0) * (bytes[n * values + j] ?? 0)
      expect(found[i * values + j]).toBe(sum)
    }
  }
})
