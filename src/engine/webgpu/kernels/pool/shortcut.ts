// A block's shortcut where its shape changes: every second pixel (or every one, or the mean of 2×2), then zero channels at
// both ends.
import type { Shape } from '../../../../network/graph.ts'
import type { Kernel } from '../../kernel.ts'
import { activationBytes, channelVectors, paddedChannels } from '../../memory/layout.ts'
import { activations, defineKernel } from '../define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from '../grid-stride.ts'
import { list, wgsl } from '../wgsl.ts'

export type ShortcutShape = {
  readonly batch: number
  /** Of the input. */
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly stride: 1 | 2
  /** An output pixel is the mean of window × window pixels of the input; at most the stride. */
  readonly window: 1 | 2
  /** Zero channels before and after the input's. */
  readonly before: number
  readonly after: number
  /** What every value is multiplied by. */
  readonly factor: number
}

/** `source` → `destination`. */
export function shortcut(shape: ShortcutShape): Kernel {
  const input = { height: shape.height, width: shape.width, channels: shape.channels }
  return shortcutKernel('shortcut', shape, input, shortcutOutput(shape), FORWARD)
}

/** `source` (gradient of the output) → `destination` (gradient of the input), 0 where the output does not look. */
export function shortcutBackward(shape: ShortcutShape): Kernel {
  const input = { height: shape.height, width: shape.width, channels: shape.channels }
  return shortcutKernel('shortcut backward', shape, shortcutOutput(shape), input, BACKWARD)
}

/** As in PyTorch, pixels that fill no window are left out. */
export function shortcutOutput({
  height,
  width,
  channels,
  stride,
  window,
  before,
  after,
}: ShortcutShape): Shape {
  const side = (input: number) => Math.floor((input - window) / stride) + 1
  return { height: side(height), width: side(width), channels: before + channels + after }
}

/** `value`: what a destination pixel is, of the source's; `channel`: which of its channels shows in a destination's. */
type Mapping = { readonly value: string; readonly channel: string }

const FORWARD: Mapping = {
  value: wgsl`
    for (var y = 0u; y < dims.window; y++) {
      for (var x = 0u; x < dims.window; x++) {
        value += pixelAt(image, row * dims.stride + y, column * dims.stride + x, channel);
      }
    }`,
  // Before the first channel the subtraction wraps round to a large number.
  channel: '- dims.before',
}

const BACKWARD: Mapping = {
  value: wgsl`
    let sourceRow = row / dims.stride;
    let sourceColumn = column / dims.stride;
    let isSeen = row % dims.stride < dims.window && column % dims.stride < dims.window;
    if (isSeen && sourceRow < dims.sourceHeight && sourceColumn < dims.sourceWidth) {
      value = pixelAt(image, sourceRow, sourceColumn, channel);
    }`,
  channel: '+ dims.before',
}

function shortcutKernel(
  name: string,
  { batch, stride, window, before, after, factor, channels }: ShortcutShape,
  source: Shape,
  destination: Shape,
  mapping: Mapping,
): Kernel {
  const vectors = batch * destination.height * destination.width * channelVectors(destination.channels)
  const grid = gridStride(vectors)
  return defineKernel({
    label: `${name} ${window}×${window}/${stride} ${channels}+${before + after} @${source.height}×${source.width} ×${batch}`,
    tensors: [{ ...activations('source', 'read'), element: 'f32' }, activations('destination', 'read-write')],
    dims: {
      vectors,
      threads: grid.stride,
      stride,
      window,
      before,
      height: destination.height,
      width: destination.width,
      channelVectors: channelVectors(destination.channels),
      channels: destination.channels,
      sourceHeight: source.height,
      sourceWidth: source.width,
      sourceChannels: source.channels,
      sourceRow: paddedChannels(source.channels),
    },
    // Without a factor a power of 2, so that pixels which are only moved stay what they are to the bit; WGSL lets a
    // division round.
    constants: { share: factor / window ** 2 },
    code: shortcutWgsl(mapping),
    workgroups: grid.workgroups,
    flops: 0,
    bytes: activationBytes(batch, source) + activationBytes(batch, destination),
  })
}

/** A thread writes a vec4 at a time, gathered channel by channel since `before` may be any number. */
function shortcutWgsl({ value, channel }: Mapping): string {
  return wgsl`
override share: f32;

fn channelAt(start: u32, destinationChannel: u32) -> f32 {
  let channel = destinationChannel ${channel};
  let shown = destinationChannel < dims.channels && channel < dims.sourceChannels;
  return select(0.0, f32(source[start + channel]), shown);
}

fn pixelAt(image: u32, row: u32, column: u32, channel: u32) -> vec4f {
  let start = ((image * dims.sourceHeight + row) * dims.sourceWidth + column) * dims.sourceRow;
  return vec4f(${list(4, (c) => `channelAt(start, channel + ${c}u)`)});
}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  if (thread.x >= dims.threads) { return; }
  for (var i = thread.x; i < dims.vectors; i += dims.threads) {
    let channel = i % dims.channelVectors * 4u;
    let pixel = i / dims.channelVectors;
    let column = pixel % dims.width;
    let row = pixel / dims.width % dims.height;
    let image = pixel / (dims.width * dims.height);
    var value = vec4f();
${value}
    destination[i] = Destination(share * value);
  }
}
`
}
