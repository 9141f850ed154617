import type { Kernel } from '../../kernel.ts'
import { VEC4_BYTES } from '../../memory/layout.ts'
import { defineKernel } from '../define-kernel.ts'
import { wgsl } from '../wgsl.ts'

const WORKGROUP = 64

/** The partial sums of a parameter's gradient and where their sum goes. Byte offsets are multiples of 16. */
export type PartialSum = {
  /** Of the first partial sum in `partials`; the others follow. */
  readonly partialsOffset: number
  readonly splits: number
  /** Of the gradient in `gradients`. */
  readonly gradientOffset: number
  /** Of the gradient, and of each partial sum. */
  readonly bytes: number
}

// workgroup_id.y is the parameter; a thread adds one vec4 of every partial sum, always in their order.
const SUM = wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(workgroup_id) group: vec3u) {
  let partialSum = sums[group.y];
  let vectors = partialSum.w;
  if (thread.x >= vectors) { return; }
  let end = partialSum.x + partialSum.y * vectors;
  var sum = vec4f();
  for (var at = partialSum.x; at < end; at += vectors) {
    sum += partials[at + thread.x];
  }
  gradients[partialSum.z + thread.x] = sum;
}
`

/** `partials` (of many parameters) → `gradients` (the flat buffer), in one dispatch. Reads its table from `dims`. */
export function sumPartials(sums: readonly PartialSum[]): Kernel {
  const dims = sums.flatMap(({ partialsOffset, splits, gradientOffset, bytes }) => [
    partialsOffset / VEC4_BYTES,
    splits,
    gradientOffset / VEC4_BYTES,
    bytes / VEC4_BYTES,
  ])
  const vectors = Math.max(...sums.map(({ bytes }) => bytes / VEC4_BYTES))
  const read = sums.reduce((total, { bytes, splits }) => total + bytes * splits, 0)
  const written = sums.reduce((total, { bytes }) => total + bytes, 0)
  const kernel = defineKernel({
    label: `sum of partials ×${sums.length}`,
    tensors: [
      { name: 'partials', access: 'read', element: 'vec4f' },
      { name: 'gradients', access: 'read-write', element: 'vec4f' },
      { name: 'dims', access: 'uniform', element: 'vec4u', length: sums.length, variable: 'sums' },
    ],
    dims: {},
    code: SUM,
    workgroups: [Math.ceil(vectors / WORKGROUP), sums.length, 1],
    flops: read / 4,
    bytes: read + written,
  })
  return { ...kernel, dims }
}
