// Partial sums of gradients: kernels leave them in the buffer `partials`, and now and then one dispatch adds up several.
import { networkFacts } from '../../../network/network-facts.ts'
import type { BufferRange } from './dispatch.ts'
import { type PartialSum, sumPartials } from '../kernels/optimise/sum-partials.ts'
import type { Lowering } from './lowering.ts'
import { wholeBuffer } from '../memory/network-layout.ts'
import { aligned } from '../../compiler/place-lifetimes.ts'

/** Partial sums that are kept before they are added up: this share of what the backward pass keeps, but no less than that. */
const PARTIAL_SHARE = 1 / 16
const LEAST_PARTIAL_BYTES = 2 ** 21

export type PartialSums = {
  /** Room for the partial sums of a parameter's gradient, each as large as that. They may be added up at any time. */
  readonly take: (parameter: string, splits: number) => BufferRange
  /** The same for several gradients, one behind the other, that others read until the step's end. */
  readonly keep: (parameters: readonly string[], splits: number) => BufferRange
  /** Completes all gradients so far. */
  readonly sum: () => void
  /** What the buffer must hold. */
  readonly bytes: () => number
}

/** @param keptBytes of all that will be kept */
export function createPartialSums(lowering: Lowering, keptBytes: number): PartialSums {
  const { graph, batch, layout } = lowering.context
  const capacity = Math.max(LEAST_PARTIAL_BYTES, PARTIAL_SHARE * batch * networkFacts(graph).activationBytes)
  let sums: PartialSum[] = []
  let keptEnd = 0
  let end = keptBytes
  let most = keptBytes

  function add(parameter: string, splits: number, offset: number): number {
    const { offset: gradientOffset, bytes } = lowering.gradient(parameter)
    sums.push({ partialsOffset: offset, splits, gradientOffset, bytes })
    return splits * bytes
  }

  function sum(): void {
    if (sums.length > 0) {
      lowering.emit(sumPartials(sums), {
        partials: { buffer: 'partials', offset: 0, bytes: end },
        gradients: wholeBuffer(layout, 'gradients'),
      })
    }
    sums = []
    end = keptBytes
  }

  return {
    take(parameter, splits) {
      if (end - keptBytes + splits * lowering.gradient(parameter).bytes > capacity) sum()
      const offset = end
      const bytes = add(parameter, splits, offset)
      end += aligned(bytes)
      most = Math.max(most, end)
      return { buffer: 'partials', offset, bytes }
    },
    keep(parameters, splits) {
      const offset = keptEnd
      let bytes = 0
      for (const parameter of parameters) bytes += add(parameter, splits, offset + bytes)
      keptEnd += aligned(bytes)
      return { buffer: 'partials', offset, bytes }
    },
    sum,
    bytes: () => most,
  }
}
