import type { OptimiserConfig } from '../../../optimisers/index.ts'
import type { Parameter } from '../../../network/graph.ts'
import { type FlatLayout, tensorNamed } from './flat-tensors.ts'
import { DECAY_STRETCH_BYTES } from '../kernels/optimise/optimise.ts'

/** @param decaying the parameters that do
 * @returns the weight decay of every stretch of the flat parameters, as the optimiser's kernel reads it. */
export function decayTable(
  layout: FlatLayout,
  decaying: readonly Parameter[],
  { weightDecay }: OptimiserConfig,
): Float32Array<ArrayBuffer> {
  const table = new Float32Array(layout.bytes / DECAY_STRETCH_BYTES)
  for (const { name } of decaying) {
    const { offset, bytes } = tensorNamed(layout, name)
    table.fill(weightDecay, offset / DECAY_STRETCH_BYTES, Math.ceil((offset + bytes) / DECAY_STRETCH_BYTES))
  }
  return table
}
