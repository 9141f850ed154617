// A batch as it is uploaded → images as the network takes them.
import { IMAGE_BYTES, IMAGE_CHANNELS, IMAGE_SIDE, PLANE_BYTES } from '../../../../base/data-set.ts'
import { IMAGE_MEAN_SHARE } from '../../../decode-batch.ts'
import type { ImageNormalisation } from '../../../engine.ts'
import { MEAN_ROW, PADDING_ROW } from '../../../image-upload.ts'
import type { Kernel } from '../../kernel.ts'
import { activationBytes, FLOAT_BYTES, VEC4_BYTES } from '../../memory/layout.ts'
import { activations, defineKernel } from '../define-kernel.ts'
import { wgsl } from '../wgsl.ts'

const WORKGROUP = 64
/** What is subtracted from a pixel that the table has normalised. */
const SHIFTS = {
  channels: '',
  'image-mean': wgsl`- means[image]`,
  'pixel-mean': wgsl`- normalised[${MEAN_ROW}u + stored].rgb`,
} as const satisfies Record<ImageNormalisation['kind'], string>

/** How the images lie: a vec4 a pixel, as activations do, or its three values only, as whitening takes them. */
const STORES = {
  pixels: { element: 'vec4f', code: wgsl`destination[thread.x] = Destination(value);` },
  values: {
    element: 'f32',
    code: wgsl`for (var c = 0u; c < ${IMAGE_CHANNELS}u; c++) {
    destination[thread.x * ${IMAGE_CHANNELS}u + c] = Destination(value[c]);
  }`,
  },
} as const

// A thread makes one pixel.
const decodeWgsl = (kind: ImageNormalisation['kind'], store: keyof typeof STORES) => wgsl`
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
  var value = normalised[${PADDING_ROW}u];
  // Left of and above the image, the subtraction wraps round to a large number; so do negative numbers as unsigned ones.
  if (x < SIDE && y < SIDE) {
    let turn = rotations[image];
    let turnedX = u32((turn.z + turn.x * i32(x) + turn.y * i32(y)) >> 16u);
    let turnedY = u32((turn.w - turn.y * i32(x) + turn.x * i32(y)) >> 16u);
    if (turnedX < SIDE && turnedY < SIDE) {
      let stored = turnedY * SIDE + turnedX;
      let start = image * ${IMAGE_CHANNELS}u * PLANE + stored;
      let bytes = vec3u(byteAt(start), byteAt(start + PLANE), byteAt(start + 2u * PLANE));
      let table = vec3f(normalised[bytes.r].r, normalised[bytes.g].g, normalised[bytes.b].b);
      value = vec4f(table ${SHIFTS[kind]}, 0);
    }
  }
  ${STORES[store].code}
}
`

/**
 * `pixels` (bytes, planar), `images` (`encodeImageWords`), `rotations` (`imageRotations`), `normalised` (`normalisationTable`)
 * and, to centre each image by its own mean, `means` (`imageMeans`) → `destination`.
 */
export function decode(
  batch: number,
  { kind }: Pick<ImageNormalisation, 'kind'>,
  store: keyof typeof STORES = 'pixels',
): Kernel {
  const pixels = batch * PLANE_BYTES
  const shape = { height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS }
  const means = { name: 'means', access: 'read', element: 'f32' } as const
  return defineKernel({
    label: `decode ×${batch}`,
    tensors: [
      { name: 'pixels', access: 'read', element: 'u32' },
      { name: 'images', access: 'read', element: 'u32' },
      { name: 'rotations', access: 'read', element: 'vec4i' },
      { name: 'normalised', access: 'read', element: 'vec4f' },
      ...(kind === 'image-mean' ? [means] : []),
      { ...activations('destination', 'read-write'), element: STORES[store].element },
    ],
    dims: { batch },
    step: true,
    code: decodeWgsl(kind, store),
    workgroups: [Math.ceil(pixels / WORKGROUP), 1, 1],
    flops: 0,
    bytes: pixels * IMAGE_CHANNELS + activationBytes(batch, shape) + PADDING_ROW * VEC4_BYTES,
  })
}

const IMAGE_WORDS = IMAGE_BYTES / 4

// A workgroup sums one image. Its bytes sum to a whole number, so the order does not matter and one rounding follows.
const IMAGE_MEANS = wgsl`
var<workgroup> sums: array<u32, ${WORKGROUP}>;

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  var sum = 0u;
  for (var i = thread; i < dims.words; i += ${WORKGROUP}u) {
    let word = pixels[group.x * dims.words + i];
    sum += (word & 0xffu) + ((word >> 8u) & 0xffu) + ((word >> 16u) & 0xffu) + (word >> 24u);
  }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    var total = 0u;
    for (var i = 0u; i < min(dims.words, ${WORKGROUP}u); i++) { total += sums[i]; }
    means[group.x] = f32(total) * share;
  }
}
`

/** `pixels` → `means`, of value ÷ 255 over each stored image. */
export function imageMeans(batch: number): Kernel {
  return defineKernel({
    label: `imageMeans ×${batch}`,
    tensors: [
      { name: 'pixels', access: 'read', element: 'u32' },
      { name: 'means', access: 'read-write', element: 'f32' },
    ],
    dims: { words: IMAGE_WORDS },
    constants: { share: IMAGE_MEAN_SHARE },
    code: `override share: f32;\n${IMAGE_MEANS}`,
    workgroups: [batch, 1, 1],
    flops: batch * IMAGE_BYTES,
    bytes: batch * (IMAGE_BYTES + FLOAT_BYTES),
  })
}
