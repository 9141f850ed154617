// Executes a plan once with a pass for each dispatch, because a device keeps the time of passes only. Passes cost time
// of their own, between the kernels and not in them.
import type { KernelTime } from '../../engine.ts'
import type { Plan } from '../plan.ts'

const TIMESTAMP_BYTES = BigUint64Array.BYTES_PER_ELEMENT
const NANOSECONDS_PER_MILLISECOND = 1e6

/**
 * Needs the feature `timestamp-query`.
 * @returns what each dispatch took, in their order; a browser may round it to 0.1 ms
 */
export async function submitTimed(
  device: GPUDevice,
  { kernels, encode }: Pick<Plan, 'kernels' | 'encode'>,
): Promise<KernelTime[]> {
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
  const count = 2 * kernels.length
  const size = count * TIMESTAMP_BYTES
  const querySet = device.createQuerySet({ label: 'profile', type: 'timestamp', count })
  const resolved = device.createBuffer({ label: 'profile', size, usage: QUERY_RESOLVE | COPY_SRC })
  const staging = device.createBuffer({ label: 'profile read-back', size, usage: COPY_DST | MAP_READ })
  try {
    const encoder = device.createCommandEncoder({ label: 'profile' })
    for (let i = 0; i < kernels.length; i++) {
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 },
      })
      encode(pass, i, i + 1)
      pass.end()
    }
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size)
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const times = new BigUint64Array(staging.getMappedRange())
    return kernels.map(({ label, flops, bytes }, i) => {
      const nanoseconds = Number((times[2 * i + 1] ?? 0n) - (times[2 * i] ?? 0n))
      return { label, flops, bytes, milliseconds: nanoseconds / NANOSECONDS_PER_MILLISECOND }
    })
  } finally {
    querySet.destroy()
    resolved.destroy()
    staging.destroy()
  }
}
