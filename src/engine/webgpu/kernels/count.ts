import type { Kernel } from '../kernel.ts'
import { FLOAT_BYTES, paddedChannels, vectorBytes } from '../memory/layout.ts'
import { defineKernel } from './define-kernel.ts'
import { wgsl } from './wgsl.ts'

/** Sums of losses that a tally holds apart, so that none grows so large that float32 drops what is added. */
export const TALLY_SLOTS = 64
export const TALLY_LOSS_BYTES = TALLY_SLOTS * FLOAT_BYTES
/** Images of a score at most: as many as the largest split has. */
export const SCORED_IMAGES = 50_000

const WORKGROUP = 64

// One workgroup; a thread does images t, t + 64, …; the first thread adds the threads' sums in order. Counts are whole
// numbers, so it does not matter in which order they are added.
const COUNT = wgsl`
var<workgroup> sums: array<f32, ${WORKGROUP}>;

/** Counts the image's answer and notes it in a byte of its own; returns its loss. */
fn visit(image: u32) -> f32 {
  let start = image * dims.row;
  let label = images[image] & 0xffu;
  var largest = logits[start];
  var best = 0u;
  for (var k = 1u; k < dims.classes; k++) {
    let z = logits[start + k];
    if (z > largest) { largest = z; best = k; }
  }
  var total = 0.0;
  for (var k = 0u; k < dims.classes; k++) { total += exp(logits[start + k] - largest); }
  atomicAdd(&confusion[label * dims.classes + best], 1u);
  let place = step.firstImage + image;
  atomicOr(&predicted[place / 4u], best << (8u * (place % 4u)));
  return log(total) - (logits[start + label] - largest);
}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var image = thread; image < step.images; image += ${WORKGROUP}u) { sum += visit(image); }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    var total = 0.0;
    for (var i = 0u; i < min(step.images, ${WORKGROUP}u); i++) { total += sums[i]; }
    losses[step.metricsSlot] += total;
  }
}
`

/**
 * Adds a batch's answers: `logits`, `images` (whose lowest byte is the label) → `losses`[metricsSlot], the sum of their
 * cross-entropy, `confusion`, counts [true class][first largest logit], and `predicted`, that class in the byte of each
 * image from firstImage on, which was 0: of the images that count.
 */
export function count(batch: number, classes: number): Kernel {
  return defineKernel({
    label: `count ${classes} ×${batch}`,
    tensors: [
      { name: 'logits', access: 'read', element: 'f32' },
      { name: 'images', access: 'read', element: 'u32' },
      { name: 'losses', access: 'read-write', element: 'f32' },
      { name: 'confusion', access: 'read-write', element: 'atomic<u32>' },
      { name: 'predicted', access: 'read-write', element: 'atomic<u32>' },
    ],
    dims: { classes, row: paddedChannels(classes) },
    step: true,
    code: COUNT,
    workgroups: [1, 1, 1],
    flops: batch * classes * 4,
    bytes: batch * vectorBytes(classes),
  })
}
