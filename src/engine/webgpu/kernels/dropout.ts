// Dropout of whole channels. Which ones is drawn anew in the backward pass, by the same words as in src/engine/dropout.ts.
import { seedWord } from '../../../base/counter-random.ts'
import { type DropoutDraw, dropThreshold, keptScale, LAYER_SHIFT } from '../../dropout.ts'
import type { Kernel } from '../kernel.ts'
import { activationBytes, channelVectors } from '../memory/layout.ts'
import { activations, defineKernel } from './define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from './grid-stride.ts'
import type { ImagesShape } from './images/pixel-parts.ts'
import { wgsl } from './wgsl.ts'

// PCG4D, as in src/base/counter-random.ts. The words of a hash decide the 4 channels of a vector.
const DROPOUT = wgsl`
override scale: f32;

fn scramble(given: vec4u) -> vec4u {
  var v = given;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

fn pcg4d(given: vec4u) -> vec4u {
  let v = scramble(given * 1664525u + 1013904223u);
  return scramble(v ^ (v >> vec4u(16u)));
}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    let place = (dims.layer << ${LAYER_SHIFT}u) | (i % dims.channelVectors);
    let words = pcg4d(vec4u(i / dims.vectorsPerImage, place, step.number, dims.seed));
    destination[i] = Destination(select(vec4f(source[i]) * scale, vec4f(), words < vec4u(dims.threshold)));
  }
}
`

/** `source` → `destination`; the images, or the gradient of the images that came out. */
export function dropout2d(shape: ImagesShape, { seed, layer, rate }: Omit<DropoutDraw, 'step'>): Kernel {
  const { batch, height, width, channels } = shape
  const vectorsPerImage = height * width * channelVectors(channels)
  const vectors = batch * vectorsPerImage
  const { stride, workgroups } = gridStride(vectors)
  return defineKernel({
    label: `dropout2d ${channels} @${height}×${width} ×${batch}`,
    tensors: [activations('source', 'read'), activations('destination', 'read-write')],
    dims: {
      vectors,
      stride,
      vectorsPerImage,
      channelVectors: channelVectors(channels),
      layer,
      seed: seedWord(seed),
      threshold: dropThreshold(rate),
    },
    step: true,
    constants: { scale: keptScale(rate) },
    code: DROPOUT,
    workgroups,
    flops: batch * height * width * channels,
    bytes: 2 * activationBytes(batch, shape),
  })
}
