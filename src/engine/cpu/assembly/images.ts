// A batch as it is uploaded → images as the network takes them.
import { madd } from './arithmetic'
import { F, LANES, place, step, V } from './memory'

const SIDE = 32
const PLANE = SIDE * SIDE
const BYTES = 3 * PLANE
/** The table's row for what shows no stored pixel, and the first of those that hold the mean image. */
const PADDING_ROW: usize = 256
const MEAN_ROW: usize = 257

@unmanaged
export class DecodeCall {
  /** 3,072 bytes an image, planar. */
  pixels: usize
  /** A word an image: label, left edge of the crop, its top edge, 1 where it is mirrored; lowest byte first. */
  words: usize
  /** Four an image: cos, sin, x and y of its rotation. */
  rotations: usize
  /** [byte][red, green, blue, 0], a row for padding, then the mean image where there is one. */
  table: usize
  y: usize
  yImage: usize
  yRow: usize
  /** 12 for the three values alone, 16 for a vector. */
  yPixel: usize
  /** 1 to subtract each image's own mean, 2 the mean image. */
  centre: i32
}

export function decode(call: DecodeCall, first: i32, count: i32): void {
  const y = place(call.y, call.yImage, first)
  const table = call.table
  const padding = step().cropPadding
  for (let i = 0; i < count; i++) {
    const image = <usize>(first + i)
    const pixels = call.pixels + image * BYTES
    const word = load<u32>(call.words + image * 4)
    const turn = call.rotations + image * 16
    const cos = load<i32>(turn)
    const sin = load<i32>(turn, 4)
    const turnX = load<i32>(turn, 8)
    const turnY = load<i32>(turn, 12)
    const left = <i32>((word >> 8) & 0xff) - padding
    const top = <i32>((word >> 16) & 0xff) - padding
    const mirrored = word >> 24 != 0
    const mean = call.centre == 1 ? meanOf(pixels) : <f32>0
    for (let row = 0; row < SIDE; row++) {
      let q = y + <usize>i * call.yImage + <usize>row * call.yRow
      for (let col = 0; col < SIDE; col++) {
        const stored = source(left + (mirrored ? SIDE - 1 - col : col), top + row, cos, sin, turnX, turnY)
        for (let channel: usize = 0; channel < 3; channel++) {
          let value: f32
          if (stored < 0) {
            value = load<f32>(table + (PADDING_ROW << 4) + (channel << 2))
          } else {
            const byte = <usize>load<u8>(pixels + channel * PLANE + <usize>stored)
            value = load<f32>(table + (byte << 4) + (channel << 2)) - mean
            if (call.centre == 2)
              value -= load<f32>(table + ((MEAN_ROW + <usize>stored) << 4) + (channel << 2))
          }
          store<f32>(q + (channel << 2), value)
        }
        if (call.yPixel == V) store<f32>(q, 0, 12)
        q += call.yPixel
      }
    }
  }
}

/** The stored pixel that one of the augmented image shows; −1 for none. */
function source(x: i32, y: i32, cos: i32, sin: i32, turnX: i32, turnY: i32): i32 {
  if (x < 0 || x >= SIDE || y < 0 || y >= SIDE) return -1
  const fromX = (turnX + cos * x + sin * y) >> 16
  const fromY = (turnY - sin * x + cos * y) >> 16
  return fromX >= 0 && fromX < SIDE && fromY >= 0 && fromY < SIDE ? fromY * SIDE + fromX : -1
}

/** Of value ÷ 255. The bytes sum to a whole number that float32 holds exactly, so one rounding follows. */
function meanOf(pixels: usize): f32 {
  let sum = 0
  for (let i: usize = 0; i < <usize>BYTES; i++) sum += <i32>load<u8>(pixels + i)
  return <f32>sum * <f32>(1.0 / (255.0 * <f64>BYTES))
}

@unmanaged
export class WhitenCall {
  /** [image][3,072], by rows, columns, then channels. */
  x: usize
  y: usize
  /** [3,072 ÷ 8][3,072][8] */
  matrix: usize
  mean: usize
  values: i32
}

/** y = Z · (x − mean) for all images; a unit is 8 values of y. */
export function whiten(call: WhitenCall, first: i32, count: i32): void {
  const images = step().images
  const row = <usize>call.values * F
  for (let block = first; block < first + count; block++) {
    const weights = call.matrix + <usize>block * row * 8
    let image = 0
    for (; image + 4 <= images; image += 4) {
      let xq = call.x + <usize>image * row
      let mq = call.mean
      let wq = weights
      let a0 = f32x4.splat(0)
      let b0 = a0,
        a1 = a0,
        b1 = a0,
        a2 = a0,
        b2 = a0,
        a3 = a0,
        b3 = a0
      const end = xq + row
      while (xq < end) {
        const m = v128.load32_splat(mq)
        const w0 = v128.load(wq)
        const w1 = v128.load(wq, V)
        const x0 = f32x4.sub(v128.load32_splat(xq), m)
        const x1 = f32x4.sub(v128.load32_splat(xq + row), m)
        const x2 = f32x4.sub(v128.load32_splat(xq + 2 * row), m)
        const x3 = f32x4.sub(v128.load32_splat(xq + 3 * row), m)
        a0 = madd(x0, w0, a0)
        b0 = madd(x0, w1, b0)
        a1 = madd(x1, w0, a1)
        b1 = madd(x1, w1, b1)
        a2 = madd(x2, w0, a2)
        b2 = madd(x2, w1, b2)
        a3 = madd(x3, w0, a3)
        b3 = madd(x3, w1, b3)
        xq += F
        mq += F
        wq += LANES
      }
      const q = call.y + <usize>image * row + <usize>block * LANES
      v128.store(q, a0)
      v128.store(q, b0, V)
      v128.store(q + row, a1)
      v128.store(q + row, b1, V)
      v128.store(q + 2 * row, a2)
      v128.store(q + 2 * row, b2, V)
      v128.store(q + 3 * row, a3)
      v128.store(q + 3 * row, b3, V)
    }
    for (; image < images; image++) {
      let xq = call.x + <usize>image * row
      let mq = call.mean
      let wq = weights
      let a = f32x4.splat(0)
      let b = a
      const end = xq + row
      while (xq < end) {
        const x = f32x4.sub(v128.load32_splat(xq), v128.load32_splat(mq))
        a = madd(x, v128.load(wq), a)
        b = madd(x, v128.load(wq, V), b)
        xq += F
        mq += F
        wq += LANES
      }
      const q = call.y + <usize>image * row + <usize>block * LANES
      v128.store(q, a)
      v128.store(q, b, V)
    }
  }
}

@unmanaged
export class SpreadCall {
  /** [image][3,072] */
  x: usize
  y: usize
  yImage: usize
  yRow: usize
}

/** Three values a pixel → a vector a pixel. */
export function spread(call: SpreadCall, first: i32, count: i32): void {
  const y = place(call.y, call.yImage, first)
  let source = call.x + <usize>first * (<usize>BYTES * F)
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < SIDE; row++) {
      let q = y + <usize>image * call.yImage + <usize>row * call.yRow
      for (let col = 0; col < SIDE; col++) {
        store<f32>(q, load<f32>(source))
        store<f32>(q, load<f32>(source, 4), 4)
        store<f32>(q, load<f32>(source, 8), 8)
        store<f32>(q, 0, 12)
        q += V
        source += 3 * F
      }
    }
  }
}
