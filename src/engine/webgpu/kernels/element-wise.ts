// ReLU, addition and ReLU's gradient, where no other kernel does them along the way.
import type { Kernel } from '../kernel.ts'
import { VEC4_BYTES } from '../memory/layout.ts'
import { activations, defineKernel } from './define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from './grid-stride.ts'
import { wgsl } from './wgsl.ts'

/** `source` → `destination`: max(x, 0), but NaN stays NaN. */
export function relu(bytes: number): Kernel {
  return elementWise(
    'relu',
    ['source'],
    bytes,
    wgsl`select(vec4f(source[i]), vec4f(), vec4f(source[i]) < vec4f())`,
  )
}

/** `left`, `right` → `destination`. */
export function add(bytes: number): Kernel {
  return elementWise('add', ['left', 'right'], bytes, wgsl`vec4f(left[i]) + vec4f(right[i])`)
}

/** `gradient` (of the output), `output` → `destination` (gradient of the input). */
export function reluBackward(bytes: number): Kernel {
  return elementWise(
    'relu backward',
    ['gradient', 'output'],
    bytes,
    wgsl`select(vec4f(), vec4f(gradient[i]), vec4f(output[i]) > vec4f())`,
  )
}

/** @param bytes of each tensor */
function elementWise(label: string, sources: readonly string[], bytes: number, value: string): Kernel {
  const vectors = bytes / VEC4_BYTES
  const { stride, workgroups } = gridStride(vectors)
  return defineKernel({
    label: `${label} ×${vectors * 4}`,
    tensors: [...sources.map((name) => activations(name, 'read')), activations('destination', 'read-write')],
    dims: { vectors, stride },
    code: wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    destination[i] = Destination(${value});
  }
}
`,
    workgroups,
    flops: vectors * 4,
    bytes: (sources.length + 1) * bytes,
  })
}
