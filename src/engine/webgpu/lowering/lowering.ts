// Collects a program's dispatches while it is lowered: what each value is bound to, and what it takes.
import type { Graph } from '../../../network/graph.ts'
import type { CompileOptions } from '../../engine.ts'
import {
  type BufferName,
  type BufferRange,
  type Dispatch,
  dispatchOf,
  type Lowered,
  type Operand,
  type Tensor,
} from './dispatch.ts'
import { type FlatLayout, tensorNamed } from '../memory/flat-tensors.ts'
import type { Kernel } from '../kernel.ts'
import type { KernelChoice } from '../kernel-choice.ts'
import { activationBytes, formatOf } from '../memory/layout.ts'
import type { NetworkLayout } from '../memory/network-layout.ts'
import { type Program, type Value, valueOf, type ValueId } from '../../compiler/program.ts'

export type LoweringContext = Pick<
  CompileOptions,
  'activations' | 'optimiser' | 'labelSmoothing' | 'normalisation' | 'whitening' | 'dropoutSeed'
> & {
  readonly graph: Graph
  readonly layout: NetworkLayout
  /** Images of a batch at most. */
  readonly batch: number
  readonly choice: KernelChoice
  /** A power of 2 by which the loss's gradient, and so every gradient, is multiplied until the optimiser. */
  readonly lossScale: number
}

export type Lowering = {
  readonly context: LoweringContext
  readonly value: (id: ValueId) => Value
  /** What a value is bound to; the first call takes memory for it, `bytes` where it is not images. */
  readonly operand: (id: ValueId, bytes?: number) => Operand
  /** Binds a value to memory that something else owns. */
  readonly bind: (id: ValueId, operand: Operand) => void
  /** Memory for this dispatch and the next. */
  readonly scratch: (bytes: number, label: string) => Operand
  readonly parameter: (name: string) => BufferRange
  readonly gradient: (name: string) => BufferRange
  readonly statistic: (name: string) => BufferRange
  readonly emit: (kernel: Kernel, operands: Readonly<Record<string, Operand>>) => void
  readonly finish: () => Lowered
}

export function createLowering(program: Program, context: LoweringContext): Lowering {
  const tensors: Tensor[] = []
  const dispatches: Dispatch[] = []
  const operands = new Map<ValueId, Operand>()
  const { parameters, statistics, upload } = context.layout

  function take(bytes: number, label: string): Operand {
    const tensor = tensors.length
    tensors.push({ id: tensor, bytes, label })
    return { tensor, bytes }
  }
  const within =
    (buffer: BufferName, layout: FlatLayout) =>
    (name: string): BufferRange => {
      const { offset, bytes } = tensorNamed(layout, name)
      return { buffer, offset, bytes }
    }

  return {
    context,
    value: (id) => valueOf(program, id),
    operand(id, bytes) {
      const known = operands.get(id)
      if (known) return known
      const { kind, shape, label } = valueOf(program, id)
      const format = kind === 'images' ? formatOf(shape, context.activations) : 'f32'
      const needed = kind === 'images' ? activationBytes(context.batch, shape, format) : bytes
      if (needed === undefined) throw new Error(`${label} is read before it is written`)
      const taken = { ...take(needed, label), format }
      operands.set(id, taken)
      return taken
    },
    bind: (id, operand) => void operands.set(id, operand),
    scratch: take,
    parameter: within('parameters', parameters),
    gradient: within('gradients', parameters),
    statistic: within('statistics', statistics),
    emit(kernel, given) {
      dispatches.push(dispatchOf(kernel, { step: upload.step, ...given }))
    },
    finish: () => ({ tensors, dispatches }),
  }
}
