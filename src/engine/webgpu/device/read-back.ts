export type ReadRange = { readonly buffer: GPUBuffer; readonly offset: number; readonly bytes: number }

/**
 * Copies of buffers' contents, as they are after every command submitted so far; one wait for all of them.
 * @param ranges offsets and bytes are multiples of 4
 */
export async function readBack(
  device: GPUDevice,
  ranges: readonly ReadRange[],
): Promise<Float32Array<ArrayBuffer>[]> {
  const size = ranges.reduce((total, { bytes }) => total + bytes, 0)
  const staging = device.createBuffer({
    label: 'read-back',
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  try {
    const encoder = device.createCommandEncoder({ label: 'read-back' })
    let end = 0
    for (const { buffer, offset, bytes } of ranges) {
      encoder.copyBufferToBuffer(buffer, offset, staging, end, bytes)
      end += bytes
    }
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const mapped = staging.getMappedRange()
    let begin = 0
    return ranges.map(({ bytes }) => {
      const values = new Float32Array(mapped.slice(begin, begin + bytes))
      begin += bytes
      return values
    })
  } finally {
    staging.destroy()
  }
}
