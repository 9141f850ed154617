// One step of an optimiser over all parameters at once, by the formulas of src/optimisers.
import { formulaOf, type OptimiserConfig } from '../../../../optimisers/index.ts'
import type { Kernel } from '../../kernel.ts'
import { VEC4_BYTES } from '../../memory/layout.ts'
import { defineKernel } from '../define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from '../grid-stride.ts'
import { wgsl } from '../wgsl.ts'
import { formulaWgsl } from './formula-wgsl.ts'

/** `decay` has one weight decay for each of these stretches of the parameters: tensors begin at multiples of it. */
export const DECAY_STRETCH_BYTES = 256
const STRETCH = DECAY_STRETCH_BYTES / VEC4_BYTES

/**
 * `parameters` and the slots are updated in place from `gradients` by `decay`, the step's learning rate and
 * its factors. Slots begin as zeros.
 * @param bytes of the parameters; gradients and each slot lie as they do
 * @param lossScale a power of 2 that the gradients are multiplied by
 */
export function optimise(bytes: number, optimiser: OptimiserConfig, lossScale = 1): Kernel {
  const vectors = bytes / VEC4_BYTES
  const { stride, workgroups } = gridStride(vectors)
  const formula = formulaOf(optimiser)
  const { slots } = formula
  const { code, flops } = formulaWgsl(formula, optimiser)
  const constants = { ...formula.constants(optimiser), unscale: 1 / lossScale }
  return defineKernel({
    label: `${optimiser.kind} ×${vectors * 4}`,
    tensors: [
      { name: 'parameters', access: 'read-write', element: 'vec4f' },
      { name: 'gradients', access: 'read', element: 'vec4f' },
      { name: 'decay', access: 'read', element: 'f32', variable: 'decays' },
      ...slots.map((slot) => ({ name: slot, access: 'read-write', element: 'vec4f' }) as const),
    ],
    dims: { vectors, stride },
    step: true,
    constants,
    code: optimiseWgsl(Object.keys(constants), code),
    workgroups,
    flops: vectors * 4 * flops,
    bytes: bytes * (3 + 2 * slots.length),
  })
}

function optimiseWgsl(overrides: readonly string[], update: string): string {
  return wgsl`
${overrides.map((name) => `override ${name}: f32;`).join('\n')}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    var value = parameters[i];
    let gradient = unscale * gradients[i];
    let decay = decays[i / ${STRETCH}u];
    ${update}
    parameters[i] = value;
  }
}
`
}
