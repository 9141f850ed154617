import type { Kernel } from '../kernel.ts'
import { VEC4_BYTES } from '../layout.ts'
import { defineKernel } from './define-kernel.ts'
import { wgsl } from './wgsl.ts'

const WORKGROUP = 64

/** One filter's partial sums and where their sum goes. Byte offsets are multiples of 16. */
export type FilterSum = {
  /** Of the first partial sum in `partials`; the others follow. */
  readonly partialsOffset: number
  readonly splits: number
  /** Of the filter's gradient in `gradients`. */
  readonly gradientOffset: number
  /** Of one filter. */
  readonly bytes: number
}

// workgroup_id.y is the filter; a thread adds one vec4 of every partial sum, always in their order.
const SUM = wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(workgroup_id) group: vec3u) {
  let filterSum = sums[group.y];
  let vectors = filterSum.w;
  if (thread.x >= vectors) { return; }
  let end = filterSum.x + filterSum.y * vectors;
  var sum = vec4f();
  for (var at = filterSum.x; at < end; at += vectors) {
    sum += partials[at + thread.x];
  }
  gradients[filterSum.z + thread.x] = sum;
}
`

/** `partials` (of every convolution), → `gradients` (the flat buffer), in one dispatch. Reads its table from `dims`. */
export function sumFilterPartials(sums: readonly FilterSum[]): Kernel {
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
    label: `sum of filter partials ×${sums.length}`,
    tensors: [
      { name: 'partials', access: 'read', of: 'vec4f' },
      { name: 'gradients', access: 'read-write', of: 'vec4f' },
      { name: 'dims', access: 'uniform', of: 'vec4u', length: sums.length, variable: 'sums' },
    ],
    dims: {},
    code: SUM,
    workgroups: [Math.ceil(vectors / WORKGROUP), sums.length, 1],
    flops: read / 4,
    bytes: read + written,
  })
  return { ...kernel, dims }
}
