// A program lowered to compute shaders: plain data, still without addresses for the values.
import type { ActivationFormat } from '../../../base/activation-format.ts'
import type { Kernel } from '../kernel.ts'
import { withHalves } from '../kernels/define-kernel.ts'

/**
 * Buffers that outlive a step; everything else is a tensor that the memory plan places. `partials` holds the partial
 * sums of every convolution's weight gradient, `decay`, `normalised` and `whitening` tables that never change.
 */
export type BufferName =
  | 'parameters'
  | 'statistics'
  | 'slots'
  | 'gradients'
  | 'partials'
  | 'decay'
  | 'normalised'
  | 'whitening'
  | 'batch'
  | 'metrics'
  | 'logits'
  | 'features'
  | 'tally'

/** Bytes of one of the lasting buffers. Offsets are multiples of 256. */
export type BufferRange = { readonly buffer: BufferName; readonly offset: number; readonly bytes: number }

export type TensorId = number
export type Tensor = { readonly id: TensorId; readonly bytes: number; readonly label: string }

/** What a binding of a kernel is bound to. */
export type Operand =
  | BufferRange
  | {
      readonly tensor: TensorId
      readonly bytes: number
      /** How its activations are stored; float32 where absent, as everything else is. */
      readonly format?: ActivationFormat
    }

export type Dispatch = {
  readonly kernel: Kernel
  /** By the binding's name; every name that the kernel has, except `dims`. */
  readonly operands: Readonly<Record<string, Operand>>
}

export type Lowered = { readonly tensors: readonly Tensor[]; readonly dispatches: readonly Dispatch[] }

/** Runs a kernel on operands: their formats are its own. */
export function dispatchOf(kernel: Kernel, operands: Dispatch['operands']): Dispatch {
  const halves = Object.entries(operands).filter(
    ([, operand]) => 'format' in operand && operand.format === 'f16',
  )
  const bytes = Object.fromEntries(halves.map(([name, operand]) => [name, operand.bytes]))
  return { kernel: withHalves(kernel, bytes), operands }
}

export function operandOf({ kernel, operands }: Dispatch, name: string): Operand {
  const operand = operands[name]
  if (!operand) throw new Error(`${kernel.label} has nothing for its binding ${name}`)
  return operand
}
