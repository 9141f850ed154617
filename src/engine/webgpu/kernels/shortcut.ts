// A block's shortcut where its shape changes: every second pixel (or every one), then zero channels at both ends.
import type { Shape } from '../../../network/graph.ts'
import type { Kernel } from '../kernel.ts'
import { activationBytes, channelVectors, paddedChannels } from '../layout.ts'
import { outputSide } from './conv-shape.ts'
import { defineKernel } from './define-kernel.ts'
import { ELEMENT_WORKGROUP, gridStride } from './grid-stride.ts'
import { unroll, wgsl } from './wgsl.ts'

export type ShortcutShape = {
  readonly batch: number
  /** Of the input. */
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly stride: 1 | 2
  /** Zero channels before and after the input's. */
  readonly before: number
  readonly after: number
}

/** `source` → `destination`. */
export function shortcut(shape: ShortcutShape): Kernel {
  const input = { height: shape.height, width: shape.width, channels: shape.channels }
  return shortcutKernel('shortcut', shape, input, outputOf(shape), FORWARD)
}

/** `source` (gradient of the output) → `destination` (gradient of the input), 0 where the output does not look. */
export function shortcutBackward(shape: ShortcutShape): Kernel {
  const input = { height: shape.height, width: shape.width, channels: shape.channels }
  return shortcutKernel('shortcut backward', shape, outputOf(shape), input, BACKWARD)
}

function outputOf({ height, width, channels, stride, before, after }: ShortcutShape): Shape {
  return {
    height: outputSide(height, stride),
    width: outputSide(width, stride),
    channels: before + channels + after,
  }
}

/** `inside`: is there a source pixel; `pixel`: which; `component`: which of its channels shows in channel c. */
type Mapping = {
  readonly inside: string
  readonly row: string
  readonly column: string
  readonly channel: string
}

const FORWARD: Mapping = {
  inside: 'true',
  row: 'row * dims.stride',
  column: 'column * dims.stride',
  // Before the first channel the subtraction wraps round to a large number.
  channel: '- dims.before',
}

const BACKWARD: Mapping = {
  inside: 'row % dims.stride == 0u && column % dims.stride == 0u',
  row: 'row / dims.stride',
  column: 'column / dims.stride',
  channel: '+ dims.before',
}

function shortcutKernel(
  name: string,
  { batch, stride, before, after, channels }: ShortcutShape,
  source: Shape,
  destination: Shape,
  mapping: Mapping,
): Kernel {
  const vectors = batch * destination.height * destination.width * channelVectors(destination.channels)
  const grid = gridStride(vectors)
  return defineKernel({
    label: `${name} /${stride} ${channels}+${before + after} @${source.height}×${source.width} ×${batch}`,
    tensors: [
      { name: 'source', access: 'read', of: 'f32' },
      { name: 'destination', access: 'read-write', of: 'vec4f' },
    ],
    dims: {
      vectors,
      threads: grid.stride,
      stride,
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
    code: shortcutWgsl(mapping),
    workgroups: grid.workgroups,
    flops: 0,
    bytes: activationBytes(batch, source) + activationBytes(batch, destination),
  })
}

/** A thread writes a vec4 at a time, gathered channel by channel since `before` may be any number. */
function shortcutWgsl({ inside, row, column, channel }: Mapping): string {
  return wgsl`
fn channelAt(start: u32, destinationChannel: u32) -> f32 {
  let channel = destinationChannel ${channel};
  let shown = destinationChannel < dims.channels && channel < dims.sourceChannels;
  return select(0.0, source[start + channel], shown);
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
    if (${inside}) {
      let start = ((image * dims.sourceHeight + ${row}) * dims.sourceWidth + ${column}) * dims.sourceRow;
${unroll(4, (c) => `      value[${c}] = channelAt(start, channel + ${c}u);`)}
    }
    destination[i] = value;
  }
}
`
}
