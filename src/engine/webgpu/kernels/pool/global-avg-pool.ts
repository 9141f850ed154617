import type { Kernel } from '../../kernel.ts'
import { activationBytes, channelVectors } from '../../memory/layout.ts'
import { activations, defineKernel } from '../define-kernel.ts'
import { wgsl } from '../wgsl.ts'

/** Of the images; the pooled ones are 1×1. */
export type PoolShape = {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

const WORKGROUP = 64

// A thread owns 4 channels of one image.
const poolWgsl = (work: string) => wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.vectors) { return; }
  let image = thread.x / dims.channelVectors;
  let channel = thread.x % dims.channelVectors;
  let start = image * dims.pixels * dims.channelVectors + channel;
  ${work}
}
`

const FORWARD = poolWgsl(wgsl`
  var sum = vec4f();
  for (var pixel = 0u; pixel < dims.pixels; pixel++) { sum += vec4f(source[start + pixel * dims.channelVectors]); }
  destination[thread.x] = Destination(sum / f32(dims.pixels));
`)

const BACKWARD = poolWgsl(wgsl`
  let share = vec4f(source[thread.x]) / f32(dims.pixels);
  for (var pixel = 0u; pixel < dims.pixels; pixel++) { destination[start + pixel * dims.channelVectors] = Destination(share); }
`)

/** `source` → `destination`, the mean of each channel. */
export function globalAvgPool(shape: PoolShape): Kernel {
  return poolKernel('globalAvgPool', shape, FORWARD)
}

/** `source` (gradient of the means) → `destination` (gradient of the images). */
export function globalAvgPoolBackward(shape: PoolShape): Kernel {
  return poolKernel('globalAvgPool backward', shape, BACKWARD)
}

function poolKernel(name: string, shape: PoolShape, code: string): Kernel {
  const { batch, height, width, channels } = shape
  const vectors = batch * channelVectors(channels)
  return defineKernel({
    label: `${name} ${channels} @${height}×${width} ×${batch}`,
    tensors: [activations('source', 'read'), activations('destination', 'read-write')],
    dims: { vectors, channelVectors: channelVectors(channels), pixels: height * width },
    code,
    workgroups: [Math.ceil(vectors / WORKGROUP), 1, 1],
    flops: batch * height * width * channels,
    bytes: activationBytes(batch, shape) + activationBytes(batch, { height: 1, width: 1, channels }),
  })
}
