// The linear layer, with bias or without. Its weights lie as those of a 1×1 convolution: [in ÷ 4][out ÷ 4] of mat4x4f.
import type { Kernel } from '../kernel.ts'
import { channelVectors, filterBytes, vectorBytes } from '../memory/layout.ts'
import { defineKernel, type TensorBinding } from './define-kernel.ts'
import { unroll, wgsl } from './wgsl.ts'

export type DenseShape = { readonly batch: number; readonly inChannels: number; readonly outChannels: number }

const WORKGROUP = 64
const COLUMNS = ['x', 'y', 'z', 'w'] as const

// A thread owns 4 outputs of one image.
const forward = (bias: boolean) => wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let output = thread.x % dims.outVectors;
  let image = thread.x / dims.outVectors;
  if (image >= dims.batch) { return; }
  var sum = ${bias ? 'bias[output]' : 'vec4f()'};
  for (var i = 0u; i < dims.inVectors; i++) {
    sum += weights[i * dims.outVectors + output] * source[image * dims.inVectors + i];
  }
  destination[thread.x] = sum;
}
`

// A thread owns 4 inputs of one image.
const INPUT_GRADIENT = wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let channel = thread.x % dims.inVectors;
  let image = thread.x / dims.inVectors;
  if (image >= dims.batch) { return; }
  var sum = vec4f();
  for (var o = 0u; o < dims.outVectors; o++) {
    sum += gradient[image * dims.outVectors + o] * weights[channel * dims.outVectors + o];
  }
  destination[thread.x] = sum;
}
`

// A thread owns one matrix of the weights; those of the first input channels sum the bias's gradient as well.
const weightGradient = (bias: boolean) => wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let output = thread.x % dims.outVectors;
  let channel = thread.x / dims.outVectors;
  if (channel >= dims.inVectors) { return; }
  var total = vec4f();
${unroll(4, (i) => `  var sum${i} = vec4f();`)}
  for (var image = 0u; image < dims.batch; image++) {
    let x = source[image * dims.inVectors + channel];
    let g = gradient[image * dims.outVectors + output];
    total += g;
${COLUMNS.map((column, i) => `    sum${i} += x.${column} * g;`).join('\n')}
  }
  weightGradient[thread.x] = mat4x4f(sum0, sum1, sum2, sum3);
  ${bias ? 'if (channel == 0u) { biasGradient[output] = total; }' : ''}
}
`

/** `source`, `weights` (, `bias`) → `destination`. */
export function denseForward(shape: DenseShape, { bias }: { readonly bias: boolean }): Kernel {
  const threads = shape.batch * channelVectors(shape.outChannels)
  return denseKernel(bias ? 'forward + bias' : 'forward', shape, forward(bias), threads, [
    { name: 'source', access: 'read', element: 'vec4f' },
    { name: 'weights', access: 'read', element: 'mat4x4f' },
    ...(bias ? [{ name: 'bias', access: 'read', element: 'vec4f' } as const] : []),
    { name: 'destination', access: 'read-write', element: 'vec4f' },
  ])
}

/** `gradient` (of the output), `weights` → `destination` (gradient of the input). */
export function denseInputGradient(shape: DenseShape): Kernel {
  const threads = shape.batch * channelVectors(shape.inChannels)
  return denseKernel('backward-data', shape, INPUT_GRADIENT, threads, [
    { name: 'gradient', access: 'read', element: 'vec4f' },
    { name: 'weights', access: 'read', element: 'mat4x4f' },
    { name: 'destination', access: 'read-write', element: 'vec4f' },
  ])
}

/** `source` (the input), `gradient` (of the output) → `weightGradient` (, `biasGradient`). */
export function denseWeightGradient(shape: DenseShape, { bias }: { readonly bias: boolean }): Kernel {
  const threads = channelVectors(shape.inChannels) * channelVectors(shape.outChannels)
  return denseKernel('backward-weights', shape, weightGradient(bias), threads, [
    { name: 'source', access: 'read', element: 'vec4f' },
    { name: 'gradient', access: 'read', element: 'vec4f' },
    { name: 'weightGradient', access: 'read-write', element: 'mat4x4f' },
    ...(bias ? [{ name: 'biasGradient', access: 'read-write', element: 'vec4f' } as const] : []),
  ])
}

function denseKernel(
  pass: string,
  shape: DenseShape,
  code: string,
  threads: number,
  tensors: readonly TensorBinding[],
): Kernel {
  const { batch, inChannels, outChannels } = shape
  return defineKernel({
    label: `dense ${pass} ${inChannels}→${outChannels} ×${batch}`,
    tensors,
    dims: { batch, inVectors: channelVectors(inChannels), outVectors: channelVectors(outChannels) },
    code,
    workgroups: [Math.ceil(threads / WORKGROUP), 1, 1],
    flops: 2 * batch * inChannels * outChannels,
    bytes:
      batch * (vectorBytes(inChannels) + vectorBytes(outChannels)) + filterBytes({ ...shape, kernel: 1 }),
  })
}
