import type { Kernel } from '../kernel.ts'
import { activationBytes, channelVectors, vectorBytes } from '../layout.ts'
import { activations, defineKernel } from './define-kernel.ts'
import { ELEMENT_WORKGROUP } from './grid-stride.ts'
import { type ImagesShape, pixelChunks } from './pixel-chunks.ts'
import { wgsl } from './wgsl.ts'

// A thread owns 4 channels of one chunk of pixels. Images that do not count are in no sum.
const SUMS = wgsl`
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let channel = thread.x % dims.channelVectors;
  let chunk = thread.x / dims.channelVectors;
  if (chunk >= dims.chunks) { return; }
  let pixels = step.images * dims.pixelsPerImage;
  var sum = vec4f();
  for (var pixel = chunk; pixel < pixels; pixel += dims.chunks) {
    sum += vec4f(source[pixel * dims.channelVectors + channel]);
  }
  partials[thread.x] = sum;
}
`

/** `source` → `partials`: `pixelChunks` vectors whose sum (`sumFilterPartials`) is that of every channel. */
export function channelSums(shape: ImagesShape): Kernel {
  const { batch, height, width, channels } = shape
  const chunks = pixelChunks(shape)
  const threads = chunks * channelVectors(channels)
  return defineKernel({
    label: `channel sums ${channels} @${height}×${width} ×${batch}`,
    tensors: [activations('source', 'read'), { name: 'partials', access: 'read-write', of: 'vec4f' }],
    dims: { channelVectors: channelVectors(channels), chunks, pixelsPerImage: height * width },
    step: true,
    code: SUMS,
    workgroups: [Math.ceil(threads / ELEMENT_WORKGROUP), 1, 1],
    flops: batch * height * width * channels,
    bytes: activationBytes(batch, shape) + chunks * vectorBytes(channels),
  })
}
