import { FILTER_WORKGROUP } from '../kernels/convolution/conv2d-filter.wgsl.ts'
import { defineKernel } from '../kernels/define-kernel.ts'
import { runKernels } from '../device/run-kernel.ts'
import { SUBGROUPS, wgsl } from '../kernels/wgsl.ts'

const WORKGROUPS = 4
/** In workgroups as those whose threads then rely on the answer. */
const THREADS = FILTER_WORKGROUP * WORKGROUPS

/**
 * Whether four neighbouring threads are a quad of a subgroup on this device. WebGPU leaves it to the device which
 * threads share a subgroup, so every thread is asked who the first of its quad is.
 */
export async function subgroupsAreQuads(device: GPUDevice): Promise<boolean> {
  if (!device.features.has('subgroups')) return false
  // A driver that refuses the question cannot be relied upon either.
  const answers = await runKernels(device, [probe()], { firsts: 4 * THREADS }).catch(() => null)
  return answers?.['firsts']?.every((first, thread) => first === thread - (thread % 4)) ?? false
}

function probe() {
  return defineKernel({
    label: 'who is the first of my quad',
    tensors: [{ name: 'firsts', access: 'read-write', element: 'f32' }],
    dims: {},
    directives: [SUBGROUPS],
    code: wgsl`
@compute @workgroup_size(${FILTER_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  firsts[thread.x] = f32(quadBroadcast(thread.x, 0u));
}
`,
    workgroups: [WORKGROUPS, 1, 1],
    flops: 0,
    bytes: 4 * THREADS,
  })
}
