// One step of stochastic gradient descent over all parameters at once, by PyTorch's formulas (torch.optim.SGD,
// dampening 0).
import type { OptimiserConfig } from '../../../contract/run-config.ts'
import type { Kernel } from '../kernel.ts'
import { VEC4_BYTES } from '../layout.ts'
import { defineKernel } from './define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from './grid-stride.ts'
import { wgsl } from './wgsl.ts'

/** `decay` has one weight decay for each of these stretches of the parameters: tensors begin at multiples of it. */
export const DECAY_STRETCH_BYTES = 256
const STRETCH = DECAY_STRETCH_BYTES / VEC4_BYTES

/**
 * `parameters` and `momentum` are updated in place from `gradients` by `decay` and the step's learning rate; without
 * momentum there is no such binding. Momentum begins as zeros: PyTorch's first step, buffer = gradient, is that too.
 * @param bytes of the parameters; gradients and momentum lie as they do
 */
export function sgd(bytes: number, { momentum, nesterov }: OptimiserConfig): Kernel {
  const vectors = bytes / VEC4_BYTES
  const { stride, workgroups } = gridStride(vectors)
  const slot = { name: 'momentum', access: 'read-write', of: 'vec4f', variable: 'velocity' } as const
  return defineKernel({
    label: `sgd ×${vectors * 4}`,
    tensors: [
      { name: 'parameters', access: 'read-write', of: 'vec4f' },
      { name: 'gradients', access: 'read', of: 'vec4f' },
      { name: 'decay', access: 'read', of: 'f32' },
      ...(momentum === 0 ? [] : [slot]),
    ],
    dims: { vectors, stride },
    step: true,
    constants: momentum === 0 ? {} : { momentum },
    code: sgdWgsl(momentum === 0 ? 'plain' : nesterov ? 'nesterov' : 'momentum'),
    workgroups,
    flops: vectors * 4 * (momentum === 0 ? 4 : 6),
    bytes: bytes * (momentum === 0 ? 3 : 5),
  })
}

function sgdWgsl(kind: 'plain' | 'momentum' | 'nesterov'): string {
  return wgsl`
${kind === 'plain' ? '' : 'override momentum: f32;'}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    let value = parameters[i];
    var direction = gradients[i] + decay[i / ${STRETCH}u] * value;
    ${kind === 'plain' ? '' : accumulate(kind)}
    parameters[i] = value - step.learningRate * direction;
  }
}
`
}

function accumulate(kind: 'momentum' | 'nesterov'): string {
  return wgsl`let v = momentum * velocity[i] + direction;
    velocity[i] = v;
    direction = ${kind === 'nesterov' ? 'direction + momentum * v' : 'v'};`
}
