import type { Kernel } from '../../kernel.ts'
import { activationBytes, vectorBytes } from '../../memory/layout.ts'
import { activations, defineKernel } from '../define-kernel.ts'
import { type ImagesShape, partDims, partsWgsl, partWorkgroups, pixelParts } from '../images/pixel-parts.ts'

// Images that do not count are in no sum.
const SUMS = partsWgsl({
  declarations: 'var<workgroup> sums: array<vec4f, 64>;',
  before: 'var sum = vec4f();',
  each: 'sum += vec4f(source[i]);',
  keep: 'sums[local] = sum;',
  merge: `
    var sum = vec4f();
    for (var k = 0u; k < dims.rows; k++) { sum += sums[lane + k * lanes]; }
    partials[part * dims.channelVectors + channel] = sum;
  `,
})

/** `source` → `partials`: `pixelParts` vectors whose sum (`sumPartials`) is that of every channel. */
export function channelSums(shape: ImagesShape): Kernel {
  const { batch, height, width, channels } = shape
  return defineKernel({
    label: `channel sums ${channels} @${height}×${width} ×${batch}`,
    tensors: [activations('source', 'read'), { name: 'partials', access: 'read-write', element: 'vec4f' }],
    dims: partDims(shape),
    step: true,
    code: SUMS,
    workgroups: partWorkgroups(shape),
    flops: batch * height * width * channels,
    bytes: activationBytes(batch, shape) + pixelParts(shape) * vectorBytes(channels),
  })
}
