// Convolutions as sums over runs: stretches of the input that lie together, each with the weights that belong to it.
// Tiles of 4 pixels × 8 channels, because V8 keeps eight accumulators in registers and no more.
import { madd } from './arithmetic'
import { F, LANES, place, V } from './memory'

@unmanaged
export class ConvolutionCall {
  x: usize
  xImage: usize
  /** Bytes from one output pixel's input to that of the next, down and right. */
  xRow: usize
  xPixel: usize
  y: usize
  yImage: usize
  yRow: usize
  yPixel: usize
  /** [output channels ÷ 8][…][8]. */
  weights: usize
  blockBytes: usize
  /** 0 for none. */
  bias: usize
  rows: i32
  cols: i32
  blocks: i32
  /** Three words each: bytes from the pixel's first input, bytes into the block's weights, bytes of input. */
  runs: usize
  runCount: i32
  /** Whether to add to what lies there. */
  accumulate: i32
}

export function convolution(call: ConvolutionCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const y = place(call.y, call.yImage, first)
  const whole = call.cols & ~3
  for (let image = 0; image < count; image++) {
    const xBase = x + <usize>image * call.xImage
    const yBase = y + <usize>image * call.yImage
    for (let block = 0; block < call.blocks; block++) {
      const weights = call.weights + <usize>block * call.blockBytes
      const bias = call.bias == 0 ? <usize>0 : call.bias + <usize>block * LANES
      for (let row = 0; row < call.rows; row++) {
        let xq = xBase + <usize>row * call.xRow
        let yq = yBase + <usize>row * call.yRow + <usize>block * LANES
        let col = 0
        for (; col < whole; col += 4) {
          fourPixels(call, xq, yq, weights, bias)
          xq += 4 * call.xPixel
          yq += 4 * call.yPixel
        }
        for (; col < call.cols; col++) {
          onePixel(call, xq, yq, weights, bias)
          xq += call.xPixel
          yq += call.yPixel
        }
      }
    }
  }
}

function fourPixels(call: ConvolutionCall, x: usize, y: usize, weights: usize, bias: usize): void {
  const px = call.xPixel
  let a0 = f32x4.splat(0)
  let b0 = a0
  if (bias != 0) {
    a0 = v128.load(bias)
    b0 = v128.load(bias, V)
  }
  let a1 = a0,
    b1 = b0,
    a2 = a0,
    b2 = b0,
    a3 = a0,
    b3 = b0
  let run = call.runs
  for (let left = call.runCount; left > 0; left--) {
    let xq = x + load<usize>(run)
    let wq = weights + load<usize>(run, 4)
    const end = xq + load<usize>(run, 8)
    run += 12
    while (xq < end) {
      const w0 = v128.load(wq)
      const w1 = v128.load(wq, V)
      const x0 = v128.load32_splat(xq)
      const x1 = v128.load32_splat(xq + px)
      const x2 = v128.load32_splat(xq + 2 * px)
      const x3 = v128.load32_splat(xq + 3 * px)
      a0 = madd(x0, w0, a0)
      b0 = madd(x0, w1, b0)
      a1 = madd(x1, w0, a1)
      b1 = madd(x1, w1, b1)
      a2 = madd(x2, w0, a2)
      b2 = madd(x2, w1, b2)
      a3 = madd(x3, w0, a3)
      b3 = madd(x3, w1, b3)
      xq += F
      wq += LANES
    }
  }
  const py = call.yPixel
  const accumulate = call.accumulate
  keep(y, a0, b0, accumulate)
  keep(y + py, a1, b1, accumulate)
  keep(y + 2 * py, a2, b2, accumulate)
  keep(y + 3 * py, a3, b3, accumulate)
}

function onePixel(call: ConvolutionCall, x: usize, y: usize, weights: usize, bias: usize): void {
  let a = f32x4.splat(0)
  let b = a
  if (bias != 0) {
    a = v128.load(bias)
    b = v128.load(bias, V)
  }
  let run = call.runs
  for (let left = call.runCount; left > 0; left--) {
    let xq = x + load<usize>(run)
    let wq = weights + load<usize>(run, 4)
    const end = xq + load<usize>(run, 8)
    run += 12
    while (xq < end) {
      const value = v128.load32_splat(xq)
      a = madd(value, v128.load(wq), a)
      b = madd(value, v128.load(wq, V), b)
      xq += F
      wq += LANES
    }
  }
  keep(y, a, b, call.accumulate)
}

function keep(y: usize, a: v128, b: v128, accumulate: i32): void {
  if (accumulate) {
    a = f32x4.add(a, v128.load(y))
    b = f32x4.add(b, v128.load(y, V))
  }
  v128.store(y, a)
  v128.store(y, b, V)
}

@unmanaged
export class FilterGradientCall {
  x: usize
  xImage: usize
  xRow: usize
  xPixel: usize
  dy: usize
  dyImage: usize
  dyRow: usize
  dyPixel: usize
  /** A sum of its own for each chunk, so that no thread waits for another. */
  partials: usize
  partialBytes: usize
  rows: i32
  cols: i32
  kernel: i32
  /** Bytes from one tap's input to that of the next, down and right. */
  tapRow: usize
  tapPixel: usize
  /** Input channels, a multiple of 4. */
  channels: i32
  blocks: i32
}

/** Σ over images and pixels of x · dy, in tiles of 4 input × 8 output channels. */
export function filterGradient(call: FilterGradientCall, first: i32, count: i32, chunk: i32): void {
  const x = place(call.x, call.xImage, first)
  const dy = place(call.dy, call.dyImage, first)
  let target = call.partials + <usize>chunk * call.partialBytes
  const kernel = call.kernel
  const channelEnd = <usize>call.channels * F
  for (let block = 0; block < call.blocks; block++) {
    for (let i = 0; i < kernel; i++) {
      for (let j = 0; j < kernel; j++) {
        const tap = x + <usize>i * call.tapRow + <usize>j * call.tapPixel
        for (let channel: usize = 0; channel < channelEnd; channel += V) {
          filterTile(call, tap + channel, dy + <usize>block * LANES, target, count)
          target += 4 * LANES
        }
      }
    }
  }
}

function filterTile(call: FilterGradientCall, x: usize, dy: usize, target: usize, count: i32): void {
  const px = call.xPixel
  const pdy = call.dyPixel
  const rowBytes = <usize>call.cols * pdy
  let a0 = f32x4.splat(0)
  let b0 = a0,
    a1 = a0,
    b1 = a0,
    a2 = a0,
    b2 = a0,
    a3 = a0,
    b3 = a0
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      let xq = x + <usize>row * call.xRow
      let dq = dy + <usize>row * call.dyRow
      const end = dq + rowBytes
      while (dq < end) {
        const d0 = v128.load(dq)
        const d1 = v128.load(dq, V)
        const x0 = v128.load32_splat(xq)
        const x1 = v128.load32_splat(xq, 4)
        const x2 = v128.load32_splat(xq, 8)
        const x3 = v128.load32_splat(xq, 12)
        a0 = madd(x0, d0, a0)
        b0 = madd(x0, d1, b0)
        a1 = madd(x1, d0, a1)
        b1 = madd(x1, d1, b1)
        a2 = madd(x2, d0, a2)
        b2 = madd(x2, d1, b2)
        a3 = madd(x3, d0, a3)
        b3 = madd(x3, d1, b3)
        xq += px
        dq += pdy
      }
    }
    x += call.xImage
    dy += call.dyImage
  }
  v128.store(target, a0)
  v128.store(target, b0, 16)
  v128.store(target, a1, 32)
  v128.store(target, b1, 48)
  v128.store(target, a2, 64)
  v128.store(target, b2, 80)
  v128.store(target, a3, 96)
  v128.store(target, b3, 112)
}

@unmanaged
export class TransposeCall {
  /** [out ÷ 8][taps][in][8] */
  weights: usize
  /** [in ÷ 8][taps, last first][out][8] */
  transposed: usize
  taps: i32
  /** Both as they are stored. */
  inChannels: i32
  outChannels: i32
}

/** The weights as the input's gradient reads them; a unit is a block of 8 input channels. */
export function transpose(call: TransposeCall, first: i32, count: i32): void {
  const inChannels = call.inChannels
  const outChannels = call.outChannels
  let target = call.transposed + <usize>(first * 8 * call.taps * outChannels) * F
  for (let block = first; block < first + count; block++) {
    for (let tap = call.taps - 1; tap >= 0; tap--) {
      for (let out = 0; out < outChannels; out++) {
        // Eight input channels of one output channel lie 32 bytes apart.
        let source =
          call.weights +
          ((<usize>(((out >> 3) * call.taps + tap) * inChannels + block * 8)) << 5) +
          ((<usize>(out & 7)) << 2)
        for (let lane: usize = 0; lane < LANES; lane += F) {
          store<f32>(target + lane, block * 8 + <i32>(lane >> 2) < inChannels ? load<f32>(source) : 0)
          source += LANES
        }
        target += LANES
      }
    }
  }
}

@unmanaged
export class ChannelSumsCall {
  dy: usize
  dyImage: usize
  dyRow: usize
  rows: i32
  cols: i32
  channels: i32
  partials: usize
  partialBytes: usize
}

/** Σ dy over images and pixels, a partial sum for each chunk. */
export function channelSums(call: ChannelSumsCall, first: i32, count: i32, chunk: i32): void {
  const dy = place(call.dy, call.dyImage, first)
  const pixel = <usize>call.channels * F
  const target = call.partials + <usize>chunk * call.partialBytes
  for (let channel: usize = 0; channel < pixel; channel += V) {
    let total = f32x4.splat(0)
    for (let image = 0; image < count; image++) {
      for (let row = 0; row < call.rows; row++) {
        let q = dy + <usize>image * call.dyImage + <usize>row * call.dyRow + channel
        let sum = f32x4.splat(0)
        for (let col = 0; col < call.cols; col++) {
          sum = f32x4.add(sum, v128.load(q))
          q += pixel
        }
        total = f32x4.add(total, sum)
      }
    }
    v128.store(target + channel, total)
  }
}
