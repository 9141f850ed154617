// A batch as it is uploaded → images as the network takes them.
import { IMAGE_CHANNELS, IMAGE_SIDE, PLANE_BYTES } from '../../../contract/data-set.ts'
import type { Normalisation } from '../../../contract/run-config.ts'
import type { Batch } from '../../engine.ts'
import type { Kernel } from '../kernel.ts'
import { activationBytes, VEC4_BYTES } from '../layout.ts'
import { defineKernel } from './define-kernel.ts'
import { wgsl } from './wgsl.ts'

const WORKGROUP = 64
const BYTE_VALUES = 256

/**
 * What each byte becomes in each channel: 256 rows of red, green, blue, 0. A table, and not arithmetic in the shader,
 * because WebGPU lets division round as it likes; float32 after every operation, as PyTorch computes it.
 */
export function normalisationTable({ mean, std }: Normalisation): Float32Array<ArrayBuffer> {
  const table = new Float32Array(BYTE_VALUES * 4)
  for (let byte = 0; byte < BYTE_VALUES; byte++) {
    for (let channel = 0; channel < IMAGE_CHANNELS; channel++) {
      const centred = Math.fround(byte / 255) - Math.fround(mean[channel] ?? 0)
      table[byte * 4 + channel] = Math.fround(centred) / Math.fround(std[channel] ?? 1)
    }
  }
  return table
}

/** One word an image: label, left edge of the crop, its top edge, 1 where it is mirrored; lowest byte first. */
export function imageWords({ size, labels, augmentation }: Batch): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: size }, (_, i) => {
    const left = augmentation?.left[i] ?? 0
    const top = augmentation?.top[i] ?? 0
    const flip = augmentation?.flip[i] ?? 0
    return (labels[i] ?? 0) | (left << 8) | (top << 16) | (flip << 24)
  })
}

// A thread makes one pixel. Padding is byte 0 before normalisation: a black pixel of the image.
const DECODE = wgsl`
const SIDE = ${IMAGE_SIDE}u;
const PLANE = ${PLANE_BYTES}u;

fn byteAt(address: u32) -> u32 {
  return (pixels[address >> 2u] >> ((address & 3u) * 8u)) & 0xffu;
}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let image = thread.x / PLANE;
  if (image >= dims.batch) { return; }
  let column = thread.x % SIDE;
  let row = (thread.x % PLANE) / SIDE;
  let word = images[image];
  let mirrored = (word >> 24u) != 0u;
  let x = ((word >> 8u) & 0xffu) + select(column, SIDE - 1u - column, mirrored) - step.cropPadding;
  let y = ((word >> 16u) & 0xffu) + row - step.cropPadding;
  var bytes = vec3u();
  // Left of and above the image, the subtraction wraps round to a large number.
  if (x < SIDE && y < SIDE) {
    let start = image * ${IMAGE_CHANNELS}u * PLANE + y * SIDE + x;
    bytes = vec3u(byteAt(start), byteAt(start + PLANE), byteAt(start + 2u * PLANE));
  }
  destination[thread.x] = vec4f(normalised[bytes.r].r, normalised[bytes.g].g, normalised[bytes.b].b, 0);
}
`

/** `pixels` (bytes, planar), `images` (`imageWords`), `normalised` (`normalisationTable`) → `destination`. */
export function decode(batch: number): Kernel {
  const pixels = batch * PLANE_BYTES
  const shape = { height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS }
  return defineKernel({
    label: `decode ×${batch}`,
    tensors: [
      { name: 'pixels', access: 'read', of: 'u32' },
      { name: 'images', access: 'read', of: 'u32' },
      { name: 'normalised', access: 'read', of: 'vec4f' },
      { name: 'destination', access: 'read-write', of: 'vec4f' },
    ],
    dims: { batch },
    step: true,
    code: DECODE,
    workgroups: [Math.ceil(pixels / WORKGROUP), 1, 1],
    flops: 0,
    bytes: pixels * IMAGE_CHANNELS + activationBytes(batch, shape) + BYTE_VALUES * VEC4_BYTES,
  })
}
