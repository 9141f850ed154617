// The products of images' bytes, summed on the device: what on the CPU takes longer than everything else of whitening.
import { IMAGE_BYTES } from '../../base/data-set.ts'
import type { PixelImages } from '../engine.ts'
import { guarded } from './device/guard.ts'
import { IMAGES_A_WORD, pixelProducts } from './kernels/images/pixel-products.ts'
import { readBack } from './device/read-back.ts'
import type { TrainerDevice } from './device/trainer-device.ts'

/** Images a submission: a software adapter takes seconds for them, and drivers end what takes many. */
const IMAGES = 512
const PRODUCTS_BYTES = IMAGE_BYTES ** 2 * 4

/** As `Engine.pixelProducts`. */
export async function sumPixelProducts(
  host: TrainerDevice,
  { count, pixels }: PixelImages,
  pause: (share: number) => Promise<void>,
): Promise<Uint32Array> {
  const { device } = host
  const kernel = pixelProducts(IMAGES / IMAGES_A_WORD)
  const { pipeline, layout } = await host.pipelines.get(kernel)
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage
  const taken: GPUBuffer[] = []
  const take = (size: number, usage: number) => {
    const buffer = device.createBuffer({ label: kernel.label, size, usage })
    taken.push(buffer)
    return buffer
  }
  try {
    const { images, products, group } = await guarded(device, () => {
      const uploaded = take(IMAGES * IMAGE_BYTES, STORAGE | COPY_DST)
      const summed = take(PRODUCTS_BYTES, STORAGE | COPY_SRC)
      const dims = take(kernel.dims.length * 4, UNIFORM | COPY_DST)
      device.queue.writeBuffer(dims, 0, Uint32Array.from(kernel.dims))
      const entries = [uploaded, summed, dims].map((buffer, binding) => ({ binding, resource: { buffer } }))
      return { images: uploaded, products: summed, group: device.createBindGroup({ layout, entries }) }
    })
    for (let first = 0; first < count; first += IMAGES) {
      await pause(first / count)
      host.assertWorking()
      device.queue.writeBuffer(images, 0, interleaved(pixels, first, count))
      const encoder = device.createCommandEncoder({ label: kernel.label })
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...kernel.workgroups)
      pass.end()
      device.queue.submit([encoder.finish()])
      await host.answer(device.queue.onSubmittedWorkDone())
    }
    const [read] = await host.answer(
      readBack(device, [{ buffer: products, offset: 0, bytes: PRODUCTS_BYTES }]),
    )
    if (!read) throw new Error('a read-back came without its part')
    return new Uint32Array(read.buffer)
  } finally {
    for (const buffer of taken) buffer.destroy()
  }
}

/** Images from `first` on, the same byte of four images side by side; black where there are no more. */
function interleaved(pixels: Uint8Array, first: number, count: number): Uint8Array<ArrayBuffer> {
  const words = new Uint8Array(IMAGES * IMAGE_BYTES)
  for (let image = 0; image < Math.min(IMAGES, count - first); image++) {
    const from = (first + image) * IMAGE_BYTES
    const word = Math.floor(image / IMAGES_A_WORD) * IMAGE_BYTES
    for (let i = 0; i < IMAGE_BYTES; i++) {
      words[(word + i) * IMAGES_A_WORD + (image % IMAGES_A_WORD)] = pixels[from + i] ?? 0
    }
  }
  return words
}
