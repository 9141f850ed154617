// Operations that change values, and not where they lie.
import { F, place, positive, step, V, where } from './memory'

@unmanaged
export class ElementWiseCall {
  a: usize
  aImage: usize
  aRow: usize
  /** Where there is a second operand. */
  b: usize
  bImage: usize
  bRow: usize
  y: usize
  yImage: usize
  yRow: usize
  rows: i32
  /** Of a row, a multiple of 16. */
  rowBytes: usize
}

export function relu(call: ElementWiseCall, first: i32, count: i32): void {
  const a = place(call.a, call.aImage, first)
  const y = place(call.y, call.yImage, first)
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      const aq = a + <usize>image * call.aImage + <usize>row * call.aRow
      const yq = y + <usize>image * call.yImage + <usize>row * call.yRow
      for (let i: usize = 0; i < call.rowBytes; i += V) v128.store(yq + i, positive(v128.load(aq + i)))
    }
  }
}

export function add(call: ElementWiseCall, first: i32, count: i32): void {
  const a = place(call.a, call.aImage, first)
  const b = place(call.b, call.bImage, first)
  const y = place(call.y, call.yImage, first)
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      const aq = a + <usize>image * call.aImage + <usize>row * call.aRow
      const bq = b + <usize>image * call.bImage + <usize>row * call.bRow
      const yq = y + <usize>image * call.yImage + <usize>row * call.yRow
      for (let i: usize = 0; i < call.rowBytes; i += V) {
        v128.store(yq + i, f32x4.add(v128.load(aq + i), v128.load(bq + i)))
      }
    }
  }
}

/** y = a where b > 0. */
export function reluGradient(call: ElementWiseCall, first: i32, count: i32): void {
  const a = place(call.a, call.aImage, first)
  const b = place(call.b, call.bImage, first)
  const y = place(call.y, call.yImage, first)
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      const aq = a + <usize>image * call.aImage + <usize>row * call.aRow
      const bq = b + <usize>image * call.bImage + <usize>row * call.bRow
      const yq = y + <usize>image * call.yImage + <usize>row * call.yRow
      for (let i: usize = 0; i < call.rowBytes; i += V) {
        v128.store(yq + i, where(v128.load(bq + i), v128.load(aq + i)))
      }
    }
  }
}

@unmanaged
export class ClearBorderCall {
  /** Of the border's first pixel. */
  y: usize
  yImage: usize
  yRow: usize
  /** Of the image, without its border. */
  rows: i32
  /** A multiple of 16. */
  pixelBytes: usize
}

/** Zeros around each image, one pixel wide, from which convolutions read their padding. */
export function clearBorder(call: ClearBorderCall, first: i32, count: i32): void {
  const y = place(call.y, call.yImage, first)
  const rowBytes = call.yRow
  const pixel = call.pixelBytes
  for (let image = 0; image < count; image++) {
    const start = y + <usize>image * call.yImage
    memory.fill(start, 0, rowBytes + pixel)
    let right = start + 2 * rowBytes - pixel
    for (let row = 1; row < call.rows; row++) {
      memory.fill(right, 0, 2 * pixel)
      right += rowBytes
    }
    memory.fill(right, 0, rowBytes + pixel)
  }
}

@unmanaged
export class DropoutCall {
  x: usize
  xImage: usize
  xRow: usize
  y: usize
  yImage: usize
  yRow: usize
  rows: i32
  cols: i32
  channels: i32
  seed: u32
  /** The layer's number, shifted to its place in a word. */
  layer: u32
  /** A channel is dropped where its word is below. */
  threshold: u32
  scale: f32
}

/** Draws as src/engine/dropout.ts: one hash decides four channels of an image. */
export function dropout(call: DropoutCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const y = place(call.y, call.yImage, first)
  const pixel = <usize>call.channels * F
  const threshold = i32x4.splat(call.threshold ^ 0x80000000)
  for (let image = 0; image < count; image++) {
    for (let channel: usize = 0; channel < pixel; channel += V) {
      const words = hash(first + image, call.layer | <u32>(channel >> 4), step().number, call.seed)
      // Unsigned words are compared as signed ones, half the range lower.
      const isKept = i32x4.ge_s(v128.xor(words, i32x4.splat(0x80000000)), threshold)
      const factor = v128.and(f32x4.splat(call.scale), isKept)
      for (let row = 0; row < call.rows; row++) {
        let xq = x + <usize>image * call.xImage + <usize>row * call.xRow + channel
        let yq = y + <usize>image * call.yImage + <usize>row * call.yRow + channel
        for (let col = call.cols; col > 0; col--) {
          v128.store(yq, f32x4.mul(v128.load(xq), factor))
          xq += pixel
          yq += pixel
        }
      }
    }
  }
}

/** PCG4D, as src/base/counter-random.ts. */
function hash(x: u32, y: u32, z: u32, w: u32): v128 {
  x = x * 1664525 + 1013904223
  y = y * 1664525 + 1013904223
  z = z * 1664525 + 1013904223
  w = w * 1664525 + 1013904223
  for (let round = 0; round < 2; round++) {
    x += y * w
    y += z * x
    z += x * y
    w += y * z
    if (round == 0) {
      x ^= x >> 16
      y ^= y >> 16
      z ^= z >> 16
      w ^= w >> 16
    }
  }
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(x), 1, y), 2, z), 3, w)
}
