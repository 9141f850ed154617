// Operations that move, average or choose pixels.
import { F, place, V } from './memory'

@unmanaged
export class PoolCall {
  x: usize
  xImage: usize
  xRow: usize
  /** Of the pool's output, or its gradient. */
  y: usize
  yImage: usize
  yRow: usize
  /** Of the input. */
  rows: i32
  cols: i32
  channels: i32
}

/** The mean over all pixels. */
export function globalAveragePool(call: PoolCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const y = place(call.y, call.yImage, first)
  const pixel = <usize>call.channels * F
  const share = f32x4.splat(1 / <f32>(call.rows * call.cols))
  for (let image = 0; image < count; image++) {
    for (let channel: usize = 0; channel < pixel; channel += V) {
      let sum = f32x4.splat(0)
      for (let row = 0; row < call.rows; row++) {
        let q = x + <usize>image * call.xImage + <usize>row * call.xRow + channel
        for (let col = call.cols; col > 0; col--) {
          sum = f32x4.add(sum, v128.load(q))
          q += pixel
        }
      }
      v128.store(y + <usize>image * call.yImage + channel, f32x4.mul(sum, share))
    }
  }
}

/** Its gradient: y → x. */
export function globalAveragePoolGradient(call: PoolCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const y = place(call.y, call.yImage, first)
  const pixel = <usize>call.channels * F
  const share = f32x4.splat(1 / <f32>(call.rows * call.cols))
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      let q = x + <usize>image * call.xImage + <usize>row * call.xRow
      for (let col = call.cols; col > 0; col--) {
        for (let channel: usize = 0; channel < pixel; channel += V) {
          const g = v128.load(y + <usize>image * call.yImage + channel)
          v128.store(q + channel, f32x4.mul(g, share))
        }
        q += pixel
      }
    }
  }
}

const WINDOW = 4

/** Of the window's pixels, row by row, the first of the largest; NaN is larger than all. */
function largest(corner: usize, row: usize, pixel: usize): i32 {
  let best = load<f32>(corner)
  let at = 0
  for (let i = 1; i < WINDOW * WINDOW; i++) {
    const value = load<f32>(corner + <usize>(i / WINDOW) * row + <usize>(i % WINDOW) * pixel)
    if (value > best || value != value) {
      best = value
      at = i
    }
  }
  return at
}

/** The largest of every 4×4 pixels; what fills no window is left out. */
export function maxPool(call: PoolCall, first: i32, count: i32): void {
  const pixel = <usize>call.channels * F
  for (let image = 0; image < count; image++) {
    const x = place(call.x, call.xImage, first) + <usize>image * call.xImage
    const y = place(call.y, call.yImage, first) + <usize>image * call.yImage
    for (let row = 0; row < call.rows / WINDOW; row++) {
      for (let col = 0; col < call.cols / WINDOW; col++) {
        const corner = x + <usize>(row * WINDOW) * call.xRow + <usize>(col * WINDOW) * pixel
        const target = y + <usize>row * call.yRow + <usize>col * pixel
        for (let channel: usize = 0; channel < pixel; channel += F) {
          const at = largest(corner + channel, call.xRow, pixel)
          const source = corner + channel + <usize>(at / WINDOW) * call.xRow + <usize>(at % WINDOW) * pixel
          store<f32>(target + channel, load<f32>(source))
        }
      }
    }
  }
}

@unmanaged
export class MaxPoolGradientCall {
  x: usize
  xImage: usize
  xRow: usize
  dy: usize
  dyImage: usize
  dyRow: usize
  dx: usize
  dxImage: usize
  dxRow: usize
  /** Of the input. */
  rows: i32
  cols: i32
  channels: i32
}

export function maxPoolGradient(call: MaxPoolGradientCall, first: i32, count: i32): void {
  const pixel = <usize>call.channels * F
  for (let image = 0; image < count; image++) {
    const x = place(call.x, call.xImage, first) + <usize>image * call.xImage
    const dy = place(call.dy, call.dyImage, first) + <usize>image * call.dyImage
    const dx = place(call.dx, call.dxImage, first) + <usize>image * call.dxImage
    for (let row = 0; row < call.rows; row++) {
      memory.fill(dx + <usize>row * call.dxRow, 0, <usize>call.cols * pixel)
    }
    for (let row = 0; row < call.rows / WINDOW; row++) {
      for (let col = 0; col < call.cols / WINDOW; col++) {
        const corner = x + <usize>(row * WINDOW) * call.xRow + <usize>(col * WINDOW) * pixel
        const target = dx + <usize>(row * WINDOW) * call.dxRow + <usize>(col * WINDOW) * pixel
        const source = dy + <usize>row * call.dyRow + <usize>col * pixel
        for (let channel: usize = 0; channel < pixel; channel += F) {
          const at = largest(corner + channel, call.xRow, pixel)
          const to = target + <usize>(at / WINDOW) * call.dxRow + <usize>(at % WINDOW) * pixel
          store<f32>(to + channel, load<f32>(source + channel))
        }
      }
    }
  }
}

@unmanaged
export class ShortcutCall {
  x: usize
  xImage: usize
  xRow: usize
  xPixel: usize
  y: usize
  yImage: usize
  yRow: usize
  yPixel: usize
  /** Of the shortcut's output. */
  outRows: i32
  outCols: i32
  /** Of its input; used by the gradient. */
  inRows: i32
  inCols: i32
  stride: i32
  /** An output pixel is the mean of window × window input pixels. */
  window: i32
  /** Channels of the input, and zero channels before them. */
  channels: i32
  before: i32
  /** What a pixel of a window counts: 1 / window², times the shortcut's factor. */
  share: f32
}

/** Every stride-th pixel, or the mean of a window there, then zero channels before and after: x → y. */
export function shortcut(call: ShortcutCall, first: i32, count: i32): void {
  const channels = <usize>call.channels * F
  const before = <usize>call.before * F
  const share = call.share
  for (let image = 0; image < count; image++) {
    const x = place(call.x, call.xImage, first) + <usize>image * call.xImage
    const y = place(call.y, call.yImage, first) + <usize>image * call.yImage
    for (let row = 0; row < call.outRows; row++) {
      let xq = x + <usize>(row * call.stride) * call.xRow
      let yq = y + <usize>row * call.yRow
      for (let col = 0; col < call.outCols; col++) {
        memory.fill(yq, 0, call.yPixel)
        for (let channel: usize = 0; channel < channels; channel += F) {
          let value: f32 = 0
          for (let i = 0; i < call.window; i++) {
            for (let j = 0; j < call.window; j++) {
              value += load<f32>(xq + <usize>i * call.xRow + <usize>j * call.xPixel + channel)
            }
          }
          store<f32>(yq + before + channel, value * share)
        }
        xq += <usize>call.stride * call.xPixel
        yq += call.yPixel
      }
    }
  }
}

/** Its gradient: y → x, 0 where the output does not look. */
export function shortcutGradient(call: ShortcutCall, first: i32, count: i32): void {
  const channels = <usize>call.channels * F
  const before = <usize>call.before * F
  const share = call.share
  for (let image = 0; image < count; image++) {
    const x = place(call.x, call.xImage, first) + <usize>image * call.xImage
    const y = place(call.y, call.yImage, first) + <usize>image * call.yImage
    for (let row = 0; row < call.inRows; row++) {
      memory.fill(x + <usize>row * call.xRow, 0, <usize>call.inCols * call.xPixel)
    }
    for (let row = 0; row < call.outRows; row++) {
      let xq = x + <usize>(row * call.stride) * call.xRow
      let yq = y + <usize>row * call.yRow
      for (let col = 0; col < call.outCols; col++) {
        for (let channel: usize = 0; channel < channels; channel += F) {
          const value = load<f32>(yq + before + channel) * share
          for (let i = 0; i < call.window; i++) {
            for (let j = 0; j < call.window; j++) {
              store<f32>(xq + <usize>i * call.xRow + <usize>j * call.xPixel + channel, value)
            }
          }
        }
        xq += <usize>call.stride * call.xPixel
        yq += call.yPixel
      }
    }
  }
}
