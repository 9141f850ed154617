// The largest of every window × window pixels, channel by channel; the window moves by its own side, and what fills none is
// left out.
import type { Kernel } from '../../kernel.ts'
import { activationBytes, channelVectors } from '../../memory/layout.ts'
import { activations, defineKernel, type TensorBinding } from '../define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from '../grid-stride.ts'
import { wgsl } from '../wgsl.ts'

export type MaxPoolShape = {
  readonly batch: number
  /** Of the input, as is the width. */
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly window: number
}

/** A window's pixels are numbered row by row. The first of several equal ones is the largest; NaN is larger than all. */
const LARGEST = wgsl`
struct Largest { value: vec4f, pixel: vec4u }

// By its bits: compilers may take it that value == value.
fn isNan(value: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(value) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

fn largestOf(corner: u32) -> Largest {
  var largest = Largest(vec4f(source[corner]), vec4u());
  for (var pixel = 1u; pixel < dims.window * dims.window; pixel++) {
    let value = vec4f(source[corner + (pixel / dims.window * dims.width + pixel % dims.window) * dims.channelVectors]);
    let larger = (value > largest.value) | isNan(value);
    largest.value = select(largest.value, value, larger);
    largest.pixel = select(largest.pixel, vec4u(pixel), larger);
  }
  return largest;
}
`

// A thread owns 4 channels of a window at a time.
const eachWindow = (work: string) => wgsl`
${LARGEST}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.stride) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.stride) {
    let channel = i % dims.channelVectors;
    let window = i / dims.channelVectors;
    let column = window % dims.columns * dims.window;
    let row = window / dims.columns % dims.rows * dims.window;
    let image = window / (dims.columns * dims.rows);
    let corner = ((image * dims.height + row) * dims.width + column) * dims.channelVectors + channel;
    ${work}
  }
}
`

const FORWARD = eachWindow('destination[i] = Destination(largestOf(corner).value);')

// Goes over the incomplete windows at the far sides as well, whose pixels get no gradient.
const BACKWARD = eachWindow(wgsl`
    let right = min(dims.window, dims.width - column);
    let below = min(dims.window, dims.height - row);
    let whole = right == dims.window && below == dims.window;
    var first = vec4u();
    var share = vec4f();
    if (whole) {
      first = largestOf(corner).pixel;
      let wholeColumns = dims.width / dims.window;
      let wholeRows = dims.height / dims.window;
      let output = (image * wholeRows + row / dims.window) * wholeColumns + column / dims.window;
      share = vec4f(gradient[output * dims.channelVectors + channel]);
    }
    for (var y = 0u; y < below; y++) {
      for (var x = 0u; x < right; x++) {
        let isFirst = first == vec4u(y * dims.window + x);
        destination[corner + (y * dims.width + x) * dims.channelVectors] = Destination(select(vec4f(), share, isFirst));
      }
    }
`)

/** `source` → `destination`. */
export function maxPool(shape: MaxPoolShape): Kernel {
  return poolKernel('maxPool', shape, FORWARD, Math.floor, [activations('source', 'read')])
}

/** `source` (the input), `gradient` (of the output) → `destination` (gradient of the input). */
export function maxPoolBackward(shape: MaxPoolShape): Kernel {
  return poolKernel('maxPool backward', shape, BACKWARD, Math.ceil, [
    activations('source', 'read'),
    activations('gradient', 'read'),
  ])
}

/** @param round whether incomplete windows are visited */
function poolKernel(
  name: string,
  { batch, height, width, channels, window }: MaxPoolShape,
  code: string,
  round: (windows: number) => number,
  tensors: readonly TensorBinding[],
): Kernel {
  const [rows, columns] = [round(height / window), round(width / window)]
  const vectors = batch * rows * columns * channelVectors(channels)
  const { stride, workgroups } = gridStride(vectors)
  return defineKernel({
    label: `${name} ${window}×${window} ${channels} @${height}×${width} ×${batch}`,
    tensors: [...tensors, activations('destination', 'read-write')],
    dims: { vectors, stride, rows, columns, height, width, window, channelVectors: channelVectors(channels) },
    code,
    workgroups,
    flops: batch * height * width * channels,
    bytes: tensors.length * activationBytes(batch, { height, width, channels }),
  })
}
