import type { Kernel } from '../kernel.ts'
import { FLOAT_BYTES, paddedChannels, vectorBytes } from '../memory/layout.ts'
import { defineKernel } from './define-kernel.ts'
import { wgsl } from './wgsl.ts'

export type CrossEntropyShape = { readonly batch: number; readonly classes: number }

/** Of one step in `metrics`: mean loss, images classed correctly. */
export const METRICS_BYTES = 2 * FLOAT_BYTES

const WORKGROUP = 64

// One workgroup; a thread does images t, t + 64, …; the first thread adds the threads' sums in order.
// Loss of an image with label y: log Σ exp z − (1 − ε)·z_y − ε/K · Σ z, which is PyTorch's label smoothing.
const CROSS_ENTROPY = wgsl`
override smoothing: f32;
override scale: f32;

var<workgroup> sums: array<vec2f, ${WORKGROUP}>;

/** Writes the image's gradient; returns its loss and 1 where its largest logit is the label's. */
fn visit(image: u32) -> vec2f {
  let start = image * dims.row;
  let label = images[image] & 0xffu;
  var largest = logits[start];
  var best = 0u;
  for (var k = 1u; k < dims.classes; k++) {
    let z = logits[start + k];
    if (z > largest) { largest = z; best = k; }
  }
  var total = 0.0;
  var linear = 0.0;
  for (var k = 0u; k < dims.classes; k++) {
    let z = logits[start + k] - largest;
    total += exp(z);
    linear += z;
  }
  let uniformShare = smoothing / f32(dims.classes);
  let labelShare = 1.0 - smoothing;
  let count = f32(step.images);
  for (var k = 0u; k < dims.classes; k++) {
    let probability = exp(logits[start + k] - largest) / total;
    gradient[start + k] = scale * (probability - uniformShare - select(0.0, labelShare, k == label)) / count;
  }
  let loss = log(total) - labelShare * (logits[start + label] - largest) - uniformShare * linear;
  return vec2f(loss, select(0.0, 1.0, best == label));
}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = vec2f();
  for (var image = thread; image < dims.batch; image += ${WORKGROUP}u) {
    let counts = image < step.images;
    if (counts) { sum += visit(image); }
    // The channels that only fill up get no gradient; an image that does not count, none at all.
    for (var k = select(0u, dims.classes, counts); k < dims.row; k++) {
      gradient[image * dims.row + k] = 0.0;
    }
  }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    var total = vec2f();
    for (var i = 0u; i < min(dims.batch, ${WORKGROUP}u); i++) { total += sums[i]; }
    metrics[step.metricsSlot] = vec2f(total.x / f32(step.images), total.y);
  }
}
`

/**
 * Softmax cross-entropy, natural logarithm, mean over the images that count.
 * `logits`, `images` (whose lowest byte is the label) → `gradient` (of the logits, times `lossScale`),
 * `metrics`[metricsSlot].
 */
export function crossEntropy(
  { batch, classes }: CrossEntropyShape,
  { labelSmoothing, lossScale = 1 }: { readonly labelSmoothing: number; readonly lossScale?: number },
): Kernel {
  return defineKernel({
    label: `crossEntropy ${classes} ×${batch}`,
    tensors: [
      { name: 'logits', access: 'read', element: 'f32' },
      { name: 'images', access: 'read', element: 'u32' },
      { name: 'gradient', access: 'read-write', element: 'f32' },
      { name: 'metrics', access: 'read-write', element: 'vec2f' },
    ],
    dims: { batch, classes, row: paddedChannels(classes) },
    step: true,
    constants: { smoothing: labelSmoothing, scale: lossScale },
    code: CROSS_ENTROPY,
    workgroups: [1, 1, 1],
    flops: batch * classes * 10,
    bytes: 2 * batch * vectorBytes(classes),
  })
}
