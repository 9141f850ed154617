// Where each tensor lies: a few large buffers (arenas), in which tensors whose lifetimes do not overlap share bytes.
import { AppError } from '../../../base/app-error.ts'
import { type Lifetime, type Places, placeLifetimes } from '../../compiler/place-lifetimes.ts'
import { type Dispatch, type Lowered, operandOf, type Tensor, type TensorId } from '../lowering/dispatch.ts'

/** By tensor. */
export type MemoryPlan = Places

export type MemoryLimits = Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>

/**
 * What a dispatch reads and what it writes lie in different arenas, because WebGPU counts the use of whole buffers.
 * @throws AppError `config-invalid` where one tensor exceeds what the device can bind
 */
export function planMemory({ tensors, dispatches }: Lowered, limits: MemoryLimits): MemoryPlan {
  for (const tensor of tensors) assertBindable(tensor, limits)
  return placeLifetimes(lifetimesOf(tensors, dispatches), limits.maxBufferSize)
}

function lifetimesOf(tensors: readonly Tensor[], dispatches: readonly Dispatch[]): Lifetime[] {
  const uses = dispatches.map(usesOf)
  const apart = tensors.map(() => new Set<TensorId>())
  const range = tensors.map(() => ({ first: Number.POSITIVE_INFINITY, last: -1 }))
  for (const [at, { reads, writes }] of uses.entries()) {
    for (const id of [...reads, ...writes]) {
      range[id] = { first: Math.min(range[id]?.first ?? at, at), last: at }
    }
    for (const read of reads) {
      for (const write of writes) {
        apart[read]?.add(write)
        apart[write]?.add(read)
      }
    }
  }
  return tensors.map((tensor) => {
    const { first, last } = range[tensor.id] ?? { first: 0, last: -1 }
    if (last < 0) throw new Error(`no dispatch uses ${tensor.label}`)
    return { bytes: tensor.bytes, first, last, apart: apart[tensor.id] ?? new Set() }
  })
}

function usesOf(dispatch: Dispatch): { reads: TensorId[]; writes: TensorId[] } {
  const reads: TensorId[] = []
  const writes: TensorId[] = []
  for (const { name, access } of dispatch.kernel.bindings) {
    if (name === 'dims') continue
    const operand = operandOf(dispatch, name)
    if ('tensor' in operand) (access === 'read-write' ? writes : reads).push(operand.tensor)
  }
  return { reads, writes }
}

function assertBindable({ label, bytes }: Tensor, limits: MemoryLimits): void {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
  if (bytes <= most) return
  throw new AppError(
    'config-invalid',
    `The ${label} takes ${mebibytes(bytes)} MiB, and this graphics device binds at most ${mebibytes(most)} MiB at once; choose a smaller batch or a smaller width.`,
  )
}

const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
