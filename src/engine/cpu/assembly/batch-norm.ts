// Batch norm. A chunk of images leaves partial sums; whoever finishes the last chunk merges them, in the chunks' order.
import { madd } from './arithmetic'
import { F, LANES, place, positive, step, V, where } from './memory'

@unmanaged
export class MomentsCall {
  x: usize
  xImage: usize
  xRow: usize
  rows: i32
  cols: i32
  channels: i32
  /** [chunk][mean, sum of squared deviations][channels] */
  partials: usize
}

/** Mean and squared deviations of a chunk, taken from its first pixel, so that a mean far from 0 costs no digits. */
export function moments(call: MomentsCall, first: i32, count: i32, chunk: i32): void {
  const x = place(call.x, call.xImage, first)
  const pixel = <usize>call.channels * F
  const target = call.partials + <usize>chunk * 2 * pixel
  const share = f32x4.splat(1 / <f32>(count * call.rows * call.cols))
  for (let channel: usize = 0; channel < pixel; channel += LANES) {
    const o0 = v128.load(x + channel)
    const o1 = v128.load(x + channel, V)
    let s0 = f32x4.splat(0)
    let s1 = s0,
      q0 = s0,
      q1 = s0
    for (let image = 0; image < count; image++) {
      for (let row = 0; row < call.rows; row++) {
        let at = x + <usize>image * call.xImage + <usize>row * call.xRow + channel
        let r0 = f32x4.splat(0)
        let r1 = r0,
          p0 = r0,
          p1 = r0
        for (let col = 0; col < call.cols; col++) {
          const d0 = f32x4.sub(v128.load(at), o0)
          const d1 = f32x4.sub(v128.load(at, V), o1)
          r0 = f32x4.add(r0, d0)
          r1 = f32x4.add(r1, d1)
          p0 = madd(d0, d0, p0)
          p1 = madd(d1, d1, p1)
          at += pixel
        }
        s0 = f32x4.add(s0, r0)
        s1 = f32x4.add(s1, r1)
        q0 = f32x4.add(q0, p0)
        q1 = f32x4.add(q1, p1)
      }
    }
    const m0 = f32x4.mul(s0, share)
    const m1 = f32x4.mul(s1, share)
    v128.store(target + channel, f32x4.add(o0, m0))
    v128.store(target + channel, f32x4.add(o1, m1), V)
    v128.store(target + pixel + channel, f32x4.sub(q0, f32x4.mul(m0, s0)))
    v128.store(target + pixel + channel, f32x4.sub(q1, f32x4.mul(m1, s1)), V)
  }
}

@unmanaged
export class MergeMomentsCall {
  partials: usize
  /** Images of a chunk, and pixels of an image. */
  chunkImages: i32
  pixels: i32
  channels: i32
  /** [mean, 1 ÷ σ, γ ÷ σ][channels] */
  statistics: usize
  scale: usize
  runningMean: usize
  runningVariance: usize
  epsilon: f32
  momentum: f32
}

export function mergeMoments(call: MergeMomentsCall): void {
  const images = step().images
  const chunkImages = call.chunkImages
  const channels = <usize>call.channels * F
  const pixels = <f64>(images * call.pixels)
  for (let channel: usize = 0; channel < channels; channel += F) {
    let mean: f64 = 0
    let at = call.partials + channel
    for (let first = 0; first < images; first += chunkImages) {
      mean += <f64>load<f32>(at) * <f64>(min(chunkImages, images - first) * call.pixels)
      at += 2 * channels
    }
    mean /= pixels
    let squares: f64 = 0
    at = call.partials + channel
    for (let first = 0; first < images; first += chunkImages) {
      const deviation = <f64>load<f32>(at) - mean
      squares +=
        <f64>load<f32>(at + channels) +
        deviation * deviation * <f64>(min(chunkImages, images - first) * call.pixels)
      at += 2 * channels
    }
    const variance = squares / pixels
    const inverse = 1 / Math.sqrt(variance + <f64>call.epsilon)
    const statistics = call.statistics + channel
    store<f32>(statistics, <f32>mean)
    store<f32>(statistics + channels, <f32>inverse)
    store<f32>(statistics + 2 * channels, <f32>(inverse * <f64>load<f32>(call.scale + channel)))
    const unbiased = squares / Math.max(pixels - 1, 1)
    move(call.runningMean + channel, mean, <f64>call.momentum)
    move(call.runningVariance + channel, unbiased, <f64>call.momentum)
  }
}

function move(running: usize, value: f64, momentum: f64): void {
  store<f32>(running, <f32>((1 - momentum) * <f64>load<f32>(running) + momentum * value))
}

@unmanaged
export class RunningStatisticsCall {
  channels: i32
  statistics: usize
  scale: usize
  runningMean: usize
  runningVariance: usize
  epsilon: f32
}

/** What `mergeMoments` leaves, of the running statistics. */
export function runningStatistics(call: RunningStatisticsCall): void {
  const channels = <usize>call.channels * F
  const statistics = place(call.statistics, 0, 0)
  for (let channel: usize = 0; channel < channels; channel += F) {
    const inverse = 1 / Math.sqrt(<f64>load<f32>(call.runningVariance + channel) + <f64>call.epsilon)
    store<f32>(statistics + channel, load<f32>(call.runningMean + channel))
    store<f32>(statistics + channels + channel, <f32>inverse)
    store<f32>(statistics + 2 * channels + channel, <f32>(inverse * <f64>load<f32>(call.scale + channel)))
  }
}

@unmanaged
export class NormaliseCall {
  x: usize
  xImage: usize
  xRow: usize
  y: usize
  yImage: usize
  yRow: usize
  /** 0 for none. */
  residual: usize
  residualImage: usize
  residualRow: usize
  rows: i32
  cols: i32
  channels: i32
  statistics: usize
  shift: usize
  relu: i32
}

/** y = (x − mean) · γ/σ + β, plus the residual, through ReLU. */
export function normalise(call: NormaliseCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const y = place(call.y, call.yImage, first)
  const residual = call.residual == 0 ? <usize>0 : place(call.residual, call.residualImage, first)
  const statistics = place(call.statistics, 0, 0)
  const pixel = <usize>call.channels * F
  const relu = call.relu
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      const xRow = x + <usize>image * call.xImage + <usize>row * call.xRow
      const yRow = y + <usize>image * call.yImage + <usize>row * call.yRow
      const rRow = residual + <usize>image * call.residualImage + <usize>row * call.residualRow
      for (let channel: usize = 0; channel < pixel; channel += LANES) {
        const m0 = v128.load(statistics + channel)
        const m1 = v128.load(statistics + channel, V)
        const g0 = v128.load(statistics + 2 * pixel + channel)
        const g1 = v128.load(statistics + 2 * pixel + channel, V)
        const b0 = v128.load(call.shift + channel)
        const b1 = v128.load(call.shift + channel, V)
        let xq = xRow + channel
        let yq = yRow + channel
        let rq = rRow + channel
        for (let col = call.cols; col > 0; col--) {
          let v0 = madd(f32x4.sub(v128.load(xq), m0), g0, b0)
          let v1 = madd(f32x4.sub(v128.load(xq, V), m1), g1, b1)
          if (residual != 0) {
            v0 = f32x4.add(v0, v128.load(rq))
            v1 = f32x4.add(v1, v128.load(rq, V))
            rq += pixel
          }
          if (relu) {
            v0 = positive(v0)
            v1 = positive(v1)
          }
          v128.store(yq, v0)
          v128.store(yq, v1, V)
          xq += pixel
          yq += pixel
        }
      }
    }
  }
}

@unmanaged
export class NormGradientSumsCall {
  dy: usize
  dyImage: usize
  dyRow: usize
  /** 0 for none. */
  mask: usize
  maskImage: usize
  maskRow: usize
  x: usize
  xImage: usize
  xRow: usize
  rows: i32
  cols: i32
  channels: i32
  statistics: usize
  /** [chunk][Σ dy, Σ dy · (x − mean)][channels] */
  partials: usize
}

export function normGradientSums(call: NormGradientSumsCall, first: i32, count: i32, chunk: i32): void {
  const x = place(call.x, call.xImage, first)
  const dy = place(call.dy, call.dyImage, first)
  const mask = call.mask == 0 ? <usize>0 : place(call.mask, call.maskImage, first)
  const pixel = <usize>call.channels * F
  const target = call.partials + <usize>chunk * 2 * pixel
  for (let channel: usize = 0; channel < pixel; channel += LANES) {
    const m0 = v128.load(call.statistics + channel)
    const m1 = v128.load(call.statistics + channel, V)
    let s0 = f32x4.splat(0)
    let s1 = s0,
      p0 = s0,
      p1 = s0
    for (let image = 0; image < count; image++) {
      for (let row = 0; row < call.rows; row++) {
        let xq = x + <usize>image * call.xImage + <usize>row * call.xRow + channel
        let dq = dy + <usize>image * call.dyImage + <usize>row * call.dyRow + channel
        let mq = mask + <usize>image * call.maskImage + <usize>row * call.maskRow + channel
        let r0 = f32x4.splat(0)
        let r1 = r0,
          q0 = r0,
          q1 = r0
        for (let col = call.cols; col > 0; col--) {
          let g0 = v128.load(dq)
          let g1 = v128.load(dq, V)
          if (mask != 0) {
            g0 = where(v128.load(mq), g0)
            g1 = where(v128.load(mq, V), g1)
            mq += pixel
          }
          r0 = f32x4.add(r0, g0)
          r1 = f32x4.add(r1, g1)
          q0 = madd(g0, f32x4.sub(v128.load(xq), m0), q0)
          q1 = madd(g1, f32x4.sub(v128.load(xq, V), m1), q1)
          xq += pixel
          dq += pixel
        }
        s0 = f32x4.add(s0, r0)
        s1 = f32x4.add(s1, r1)
        p0 = f32x4.add(p0, q0)
        p1 = f32x4.add(p1, q1)
      }
    }
    v128.store(target + channel, s0)
    v128.store(target + channel, s1, V)
    v128.store(target + pixel + channel, p0)
    v128.store(target + pixel + channel, p1, V)
  }
}

@unmanaged
export class MergeNormGradientsCall {
  partials: usize
  chunkImages: i32
  pixels: i32
  channels: i32
  statistics: usize
  /** [a, b, c][channels] of dx = a · dy + b · (x − mean) + c */
  coefficients: usize
  scaleGradient: usize
  shiftGradient: usize
}

/** With n pixels: dx = γ/σ · (dy − Σdy/n − x̂ · Σ(dy·x̂)/n). */
export function mergeNormGradients(call: MergeNormGradientsCall): void {
  const images = step().images
  const channels = <usize>call.channels * F
  const pixels = <f64>(images * call.pixels)
  for (let channel: usize = 0; channel < channels; channel += F) {
    let sum: f64 = 0
    let product: f64 = 0
    let at = call.partials + channel
    for (let first = 0; first < images; first += call.chunkImages) {
      sum += <f64>load<f32>(at)
      product += <f64>load<f32>(at + channels)
      at += 2 * channels
    }
    const inverse = <f64>load<f32>(call.statistics + channels + channel)
    const slope = <f64>load<f32>(call.statistics + 2 * channels + channel)
    product *= inverse
    store<f32>(call.shiftGradient + channel, <f32>sum)
    store<f32>(call.scaleGradient + channel, <f32>product)
    store<f32>(call.coefficients + channel, <f32>slope)
    store<f32>(call.coefficients + channels + channel, <f32>((-slope * inverse * product) / pixels))
    store<f32>(call.coefficients + 2 * channels + channel, <f32>((-slope * sum) / pixels))
  }
}

@unmanaged
export class NormInputGradientCall {
  dy: usize
  dyImage: usize
  dyRow: usize
  mask: usize
  maskImage: usize
  maskRow: usize
  x: usize
  xImage: usize
  xRow: usize
  dx: usize
  dxImage: usize
  dxRow: usize
  /** Where the masked gradient goes; 0 for nowhere. */
  masked: usize
  maskedImage: usize
  maskedRow: usize
  rows: i32
  cols: i32
  channels: i32
  statistics: usize
  coefficients: usize
  accumulate: i32
}

export function normInputGradient(call: NormInputGradientCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const dy = place(call.dy, call.dyImage, first)
  const dx = place(call.dx, call.dxImage, first)
  const mask = call.mask == 0 ? <usize>0 : place(call.mask, call.maskImage, first)
  const masked = call.masked == 0 ? <usize>0 : place(call.masked, call.maskedImage, first)
  const pixel = <usize>call.channels * F
  const accumulate = call.accumulate
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row++) {
      const xRow = x + <usize>image * call.xImage + <usize>row * call.xRow
      const dyRow = dy + <usize>image * call.dyImage + <usize>row * call.dyRow
      const dxRow = dx + <usize>image * call.dxImage + <usize>row * call.dxRow
      const maskRow = mask + <usize>image * call.maskImage + <usize>row * call.maskRow
      const maskedRow = masked + <usize>image * call.maskedImage + <usize>row * call.maskedRow
      for (let channel: usize = 0; channel < pixel; channel += LANES) {
        const statistics = call.statistics + channel
        const coefficients = call.coefficients + channel
        const m0 = v128.load(statistics)
        const m1 = v128.load(statistics, V)
        const a0 = v128.load(coefficients)
        const a1 = v128.load(coefficients, V)
        const b0 = v128.load(coefficients + pixel)
        const b1 = v128.load(coefficients + pixel, V)
        const c0 = v128.load(coefficients + 2 * pixel)
        const c1 = v128.load(coefficients + 2 * pixel, V)
        let xq = xRow + channel
        let dq = dyRow + channel
        let mq = maskRow + channel
        let kq = maskedRow + channel
        let q = dxRow + channel
        for (let col = call.cols; col > 0; col--) {
          let g0 = v128.load(dq)
          let g1 = v128.load(dq, V)
          if (mask != 0) {
            g0 = where(v128.load(mq), g0)
            g1 = where(v128.load(mq, V), g1)
            mq += pixel
          }
          if (masked != 0) {
            v128.store(kq, g0)
            v128.store(kq, g1, V)
            kq += pixel
          }
          let r0 = madd(a0, g0, madd(b0, f32x4.sub(v128.load(xq), m0), c0))
          let r1 = madd(a1, g1, madd(b1, f32x4.sub(v128.load(xq, V), m1), c1))
          if (accumulate) {
            r0 = f32x4.add(r0, v128.load(q))
            r1 = f32x4.add(r1, v128.load(q, V))
          }
          v128.store(q, r0)
          v128.store(q, r1, V)
          xq += pixel
          dq += pixel
          q += pixel
        }
      }
    }
  }
}
