// 3×3 convolutions with stride 1 by Winograd's F(2×2, 3×3) (arXiv:1509.09308): 16 products for every 2×2 outputs, where the
// definition takes 36. A few tiles at a time, so that what is in between stays in the core's own cache.
import { madd } from './arithmetic'
import { F, LANES, place, step, V } from './memory'

/** Tiles at a time, for a convolution and for the gradient of its filter; TILES in ../winograd.ts. */
const TILES = 16
const GRADIENT_TILES = 32
/** Between the planes of the 16 products, which would otherwise fall into the same lines of the cache. */
const PLANE_GAP: usize = 64

function planeBytes(tiles: usize, channelBytes: usize): usize {
  return tiles * channelBytes + PLANE_GAP
}

@unmanaged
export class WinogradCall {
  /** What the first output's first tap reads. */
  x: usize
  xImage: usize
  xRow: usize
  xPixel: usize
  y: usize
  yImage: usize
  yRow: usize
  yPixel: usize
  /** [16][output channels ÷ 8][input channels][8] */
  weights: usize
  /** 0 for none. */
  bias: usize
  /** [16][tile][input channels], then [16][tile][output channels]. */
  scratch: usize
  /** Of the output, even. */
  rows: i32
  cols: i32
  /** As they are stored. */
  inChannels: i32
  outChannels: i32
  /** Whether to add to what lies there. */
  accumulate: i32
}

export function winograd(call: WinogradCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const y = place(call.y, call.yImage, first)
  const inBytes = <usize>call.inChannels * F
  const outBytes = <usize>call.outChannels * F
  const transformed = place(call.scratch, 0, 0)
  const products = transformed + 16 * planeBytes(TILES, inBytes)
  const across = call.cols >> 1
  const perImage = (call.rows >> 1) * across
  const total = perImage * count
  for (let start = 0; start < total; start += TILES) {
    const tiles = min(TILES, total - start)
    for (let t = 0; t < tiles; t++) {
      const image = (start + t) / perImage
      const tile = (start + t) % perImage
      const source =
        x +
        <usize>image * call.xImage +
        <usize>((tile / across) * 2) * call.xRow +
        <usize>((tile % across) * 2) * call.xPixel
      transformInput(
        source,
        call.xRow,
        call.xPixel,
        transformed + <usize>t * inBytes,
        planeBytes(TILES, inBytes),
        inBytes,
      )
    }
    multiply(call, transformed, products, tiles)
    for (let t = 0; t < tiles; t++) {
      const image = (start + t) / perImage
      const tile = (start + t) % perImage
      const target =
        y +
        <usize>image * call.yImage +
        <usize>((tile / across) * 2) * call.yRow +
        <usize>((tile % across) * 2) * call.yPixel
      transformOutput(call, products + <usize>t * outBytes, planeBytes(TILES, outBytes), target, outBytes)
    }
  }
}

/** Bᵀ d B, for all channels of a tile. */
function transformInput(x: usize, row: usize, pixel: usize, target: usize, plane: usize, bytes: usize): void {
  for (let c: usize = 0; c < bytes; c += V) {
    const r0 = x + c
    const r1 = r0 + row
    const r2 = r1 + row
    const r3 = r2 + row
    let v = target + c
    let a0 = f32x4.sub(v128.load(r0), v128.load(r2))
    let a1 = f32x4.sub(v128.load(r0 + pixel), v128.load(r2 + pixel))
    let a2 = f32x4.sub(v128.load(r0 + 2 * pixel), v128.load(r2 + 2 * pixel))
    let a3 = f32x4.sub(v128.load(r0 + 3 * pixel), v128.load(r2 + 3 * pixel))
    keepRow(v, plane, a0, a1, a2, a3)
    v += 4 * plane
    a0 = f32x4.add(v128.load(r1), v128.load(r2))
    a1 = f32x4.add(v128.load(r1 + pixel), v128.load(r2 + pixel))
    a2 = f32x4.add(v128.load(r1 + 2 * pixel), v128.load(r2 + 2 * pixel))
    a3 = f32x4.add(v128.load(r1 + 3 * pixel), v128.load(r2 + 3 * pixel))
    keepRow(v, plane, a0, a1, a2, a3)
    v += 4 * plane
    a0 = f32x4.sub(v128.load(r2), v128.load(r1))
    a1 = f32x4.sub(v128.load(r2 + pixel), v128.load(r1 + pixel))
    a2 = f32x4.sub(v128.load(r2 + 2 * pixel), v128.load(r1 + 2 * pixel))
    a3 = f32x4.sub(v128.load(r2 + 3 * pixel), v128.load(r1 + 3 * pixel))
    keepRow(v, plane, a0, a1, a2, a3)
    v += 4 * plane
    a0 = f32x4.sub(v128.load(r1), v128.load(r3))
    a1 = f32x4.sub(v128.load(r1 + pixel), v128.load(r3 + pixel))
    a2 = f32x4.sub(v128.load(r1 + 2 * pixel), v128.load(r3 + 2 * pixel))
    a3 = f32x4.sub(v128.load(r1 + 3 * pixel), v128.load(r3 + 3 * pixel))
    keepRow(v, plane, a0, a1, a2, a3)
  }
}

function keepRow(v: usize, plane: usize, a0: v128, a1: v128, a2: v128, a3: v128): void {
  v128.store(v, f32x4.sub(a0, a2))
  v128.store(v + plane, f32x4.add(a1, a2))
  v128.store(v + 2 * plane, f32x4.sub(a2, a1))
  v128.store(v + 3 * plane, f32x4.sub(a1, a3))
}

/** 16 products of matrices, in tiles of 4 × 8. Where fewer than 4 tiles are left, rows that nobody reads are made, too. */
function multiply(call: WinogradCall, transformed: usize, products: usize, tiles: i32): void {
  const inBytes = <usize>call.inChannels * F
  const outBytes = <usize>call.outChannels * F
  const blockBytes = inBytes * 8
  let weights = call.weights
  for (let k: usize = 0; k < 16; k++) {
    const v = transformed + k * planeBytes(TILES, inBytes)
    const m = products + k * planeBytes(TILES, outBytes)
    for (let out: usize = 0; out < outBytes; out += LANES) {
      for (let t = 0; t < tiles; t += 4) {
        let xq = v + <usize>t * inBytes
        let wq = weights
        const end = xq + inBytes
        let a0 = f32x4.splat(0)
        let b0 = a0,
          a1 = a0,
          b1 = a0,
          a2 = a0,
          b2 = a0,
          a3 = a0,
          b3 = a0
        while (xq < end) {
          const w0 = v128.load(wq)
          const w1 = v128.load(wq, V)
          const x0 = v128.load32_splat(xq)
          const x1 = v128.load32_splat(xq + inBytes)
          const x2 = v128.load32_splat(xq + 2 * inBytes)
          const x3 = v128.load32_splat(xq + 3 * inBytes)
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
        let q = m + <usize>t * outBytes + out
        v128.store(q, a0)
        v128.store(q, b0, V)
        q += outBytes
        v128.store(q, a1)
        v128.store(q, b1, V)
        q += outBytes
        v128.store(q, a2)
        v128.store(q, b2, V)
        q += outBytes
        v128.store(q, a3)
        v128.store(q, b3, V)
      }
      weights += blockBytes
    }
  }
}

/** Aᵀ m A, for all channels of a tile. */
function transformOutput(call: WinogradCall, products: usize, plane: usize, y: usize, bytes: usize): void {
  const row = call.yRow
  const pixel = call.yPixel
  for (let c: usize = 0; c < bytes; c += V) {
    let m = products + c
    let m0 = v128.load(m)
    let m1 = v128.load(m + plane)
    let m2 = v128.load(m + 2 * plane)
    let m3 = v128.load(m + 3 * plane)
    const s0 = f32x4.add(f32x4.add(m0, m1), m2)
    const d0 = f32x4.sub(f32x4.sub(m1, m2), m3)
    m += 4 * plane
    m0 = v128.load(m)
    m1 = v128.load(m + plane)
    m2 = v128.load(m + 2 * plane)
    m3 = v128.load(m + 3 * plane)
    const s1 = f32x4.add(f32x4.add(m0, m1), m2)
    const d1 = f32x4.sub(f32x4.sub(m1, m2), m3)
    m += 4 * plane
    m0 = v128.load(m)
    m1 = v128.load(m + plane)
    m2 = v128.load(m + 2 * plane)
    m3 = v128.load(m + 3 * plane)
    const s2 = f32x4.add(f32x4.add(m0, m1), m2)
    const d2 = f32x4.sub(f32x4.sub(m1, m2), m3)
    m += 4 * plane
    m0 = v128.load(m)
    m1 = v128.load(m + plane)
    m2 = v128.load(m + 2 * plane)
    m3 = v128.load(m + 3 * plane)
    const s3 = f32x4.add(f32x4.add(m0, m1), m2)
    const d3 = f32x4.sub(f32x4.sub(m1, m2), m3)
    let y00 = f32x4.add(f32x4.add(s0, s1), s2)
    let y01 = f32x4.add(f32x4.add(d0, d1), d2)
    let y10 = f32x4.sub(f32x4.sub(s1, s2), s3)
    let y11 = f32x4.sub(f32x4.sub(d1, d2), d3)
    if (call.bias != 0) {
      const bias = v128.load(call.bias + c)
      y00 = f32x4.add(y00, bias)
      y01 = f32x4.add(y01, bias)
      y10 = f32x4.add(y10, bias)
      y11 = f32x4.add(y11, bias)
    }
    const q = y + c
    if (call.accumulate) {
      y00 = f32x4.add(y00, v128.load(q))
      y01 = f32x4.add(y01, v128.load(q + pixel))
      y10 = f32x4.add(y10, v128.load(q + row))
      y11 = f32x4.add(y11, v128.load(q + row + pixel))
    }
    v128.store(q, y00)
    v128.store(q + pixel, y01)
    v128.store(q + row, y10)
    v128.store(q + row + pixel, y11)
  }
}

@unmanaged
export class WinogradWeightsCall {
  /** [out ÷ 8][9][in][8], as the parameter lies. */
  weights: usize
  /** [16][out ÷ 8][in][8]; with `transposed` [16][in ÷ 8][out][8], of the taps from last to first. */
  transformed: usize
  /** Both as they are stored. */
  inChannels: i32
  outChannels: i32
  transposed: i32
}

/** G g Gᵀ; a unit is a block of 8 output channels, or of 8 input channels where `transposed`. */
export function winogradWeights(call: WinogradWeightsCall, first: i32, count: i32): void {
  const inner = call.transposed ? call.outChannels : call.inChannels
  const outer = call.transposed ? call.inChannels : call.outChannels
  const plane = <usize>(inner * outer) * F
  for (let block = first; block < first + count; block++) {
    let target = call.transformed + <usize>(block * inner) * LANES
    for (let i = 0; i < inner; i++) {
      for (let half: usize = 0; half < LANES; half += V) {
        transformWeights(call, block, i, half, target + half, plane)
      }
      target += LANES
    }
  }
}

function transformWeights(
  call: WinogradWeightsCall,
  block: i32,
  i: i32,
  half: usize,
  target: usize,
  plane: usize,
): void {
  const w0 = tap(call, block, i, half, 0)
  const w1 = tap(call, block, i, half, 1)
  const w2 = tap(call, block, i, half, 2)
  const w3 = tap(call, block, i, half, 3)
  const w4 = tap(call, block, i, half, 4)
  const w5 = tap(call, block, i, half, 5)
  const w6 = tap(call, block, i, half, 6)
  const w7 = tap(call, block, i, half, 7)
  const w8 = tap(call, block, i, half, 8)
  const h = f32x4.splat(0.5)
  keepTransformed(target, plane, w0, w1, w2)
  const p0 = f32x4.mul(h, f32x4.add(w0, w6))
  const p1 = f32x4.mul(h, f32x4.add(w1, w7))
  const p2 = f32x4.mul(h, f32x4.add(w2, w8))
  const q0 = f32x4.mul(h, w3)
  const q1 = f32x4.mul(h, w4)
  const q2 = f32x4.mul(h, w5)
  keepTransformed(target + 4 * plane, plane, f32x4.add(p0, q0), f32x4.add(p1, q1), f32x4.add(p2, q2))
  keepTransformed(target + 8 * plane, plane, f32x4.sub(p0, q0), f32x4.sub(p1, q1), f32x4.sub(p2, q2))
  keepTransformed(target + 12 * plane, plane, w6, w7, w8)
}

function keepTransformed(target: usize, plane: usize, a: v128, b: v128, c: v128): void {
  const h = f32x4.splat(0.5)
  const p = f32x4.mul(h, f32x4.add(a, c))
  const q = f32x4.mul(h, b)
  v128.store(target, a)
  v128.store(target + plane, f32x4.add(p, q))
  v128.store(target + 2 * plane, f32x4.sub(p, q))
  v128.store(target + 3 * plane, c)
}

/** Four weights of one tap. */
function tap(call: WinogradWeightsCall, block: i32, i: i32, half: usize, at: i32): v128 {
  if (!call.transposed) {
    return v128.load(call.weights + <usize>((block * 9 + at) * call.inChannels + i) * LANES + half)
  }
  const source =
    call.weights +
    <usize>(((i >> 3) * 9 + 8 - at) * call.inChannels + block * 8) * LANES +
    half * 8 +
    <usize>(i & 7) * F
  const two = f32x4.replace_lane(v128.load32_zero(source), 1, load<f32>(source, 32))
  return f32x4.replace_lane(f32x4.replace_lane(two, 2, load<f32>(source, 64)), 3, load<f32>(source, 96))
}

@unmanaged
export class WinogradFilterGradientCall {
  /** What the first output's first tap reads. */
  x: usize
  xImage: usize
  xRow: usize
  xPixel: usize
  dy: usize
  dyImage: usize
  dyRow: usize
  dyPixel: usize
  /** A sum of its own for each chunk: [out ÷ 8][9][in][8]. */
  partials: usize
  partialBytes: usize
  /** [16][tile][in], [16][tile][out], then the sums [16][out ÷ 8][in][8]. */
  scratch: usize
  /** Of dy, even. */
  rows: i32
  cols: i32
  /** As they are stored. */
  inChannels: i32
  outChannels: i32
}

export function winogradFilterGradient(
  call: WinogradFilterGradientCall,
  first: i32,
  count: i32,
  chunk: i32,
): void {
  const x = place(call.x, call.xImage, first)
  const dy = place(call.dy, call.dyImage, first)
  const inBytes = <usize>call.inChannels * F
  const outBytes = <usize>call.outChannels * F
  const v = place(call.scratch, 0, 0)
  const d = v + 16 * planeBytes(GRADIENT_TILES, inBytes)
  const sums = d + 16 * planeBytes(GRADIENT_TILES, outBytes)
  const across = call.cols >> 1
  const perImage = (call.rows >> 1) * across
  const total = perImage * count
  for (let start = 0; start < total; start += GRADIENT_TILES) {
    const tiles = min(GRADIENT_TILES, total - start)
    for (let t = 0; t < tiles; t++) {
      const image = <usize>((start + t) / perImage)
      const tile = (start + t) % perImage
      const row = <usize>((tile / across) * 2)
      const col = <usize>((tile % across) * 2)
      const source = x + image * call.xImage + row * call.xRow + col * call.xPixel
      const above = dy + image * call.dyImage + row * call.dyRow + col * call.dyPixel
      transformInput(
        source,
        call.xRow,
        call.xPixel,
        v + <usize>t * inBytes,
        planeBytes(GRADIENT_TILES, inBytes),
        inBytes,
      )
      transformGradient(
        above,
        call.dyRow,
        call.dyPixel,
        d + <usize>t * outBytes,
        planeBytes(GRADIENT_TILES, outBytes),
        outBytes,
      )
    }
    sumProducts(call, v, d, sums, tiles, start == 0)
  }
  const target = call.partials + <usize>chunk * call.partialBytes
  transformSums(sums, target, call.inChannels, call.outChannels, 0, call.outChannels >> 3)
}

/** A dy Aᵀ, for all channels of a tile. */
function transformGradient(
  dy: usize,
  row: usize,
  pixel: usize,
  target: usize,
  plane: usize,
  bytes: usize,
): void {
  for (let c: usize = 0; c < bytes; c += V) {
    const d00 = v128.load(dy + c)
    const d01 = v128.load(dy + pixel + c)
    const d10 = v128.load(dy + row + c)
    const d11 = v128.load(dy + row + pixel + c)
    const q = target + c
    keepGradient(q, plane, d00, d01)
    keepGradient(q + 4 * plane, plane, f32x4.add(d00, d10), f32x4.add(d01, d11))
    keepGradient(q + 8 * plane, plane, f32x4.sub(d00, d10), f32x4.sub(d01, d11))
    keepGradient(q + 12 * plane, plane, f32x4.neg(d10), f32x4.neg(d11))
  }
}

function keepGradient(q: usize, plane: usize, a: v128, b: v128): void {
  v128.store(q, a)
  v128.store(q + plane, f32x4.add(a, b))
  v128.store(q + 2 * plane, f32x4.sub(a, b))
  v128.store(q + 3 * plane, f32x4.neg(b))
}

/** Adds Σ over tiles of v · d to the sums, or begins them. */
function sumProducts(
  call: WinogradFilterGradientCall,
  transformed: usize,
  gradients: usize,
  sums: usize,
  tiles: i32,
  begins: bool,
): void {
  const inBytes = <usize>call.inChannels * F
  const outBytes = <usize>call.outChannels * F
  const blockBytes = inBytes * 8
  let target = sums
  for (let k: usize = 0; k < 16; k++) {
    const v = transformed + k * planeBytes(GRADIENT_TILES, inBytes)
    const d = gradients + k * planeBytes(GRADIENT_TILES, outBytes)
    for (let out: usize = 0; out < outBytes; out += LANES) {
      sumBlock(v, d + out, inBytes, outBytes, tiles, target, begins)
      target += blockBytes
    }
  }
}

/** The sums of one product for 8 output channels: [in][8]. */
function sumBlock(
  v: usize,
  d: usize,
  inBytes: usize,
  outBytes: usize,
  tiles: i32,
  target: usize,
  begins: bool,
): void {
  for (let channel: usize = 0; channel < inBytes; channel += V) {
    let xq = v + channel
    let dq = d
    const end = dq + <usize>tiles * outBytes
    let a0 = f32x4.splat(0)
    let b0 = a0,
      a1 = a0,
      b1 = a0,
      a2 = a0,
      b2 = a0,
      a3 = a0,
      b3 = a0
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
      xq += inBytes
      dq += outBytes
    }
    if (!begins) {
      a0 = f32x4.add(a0, v128.load(target))
      b0 = f32x4.add(b0, v128.load(target, 16))
      a1 = f32x4.add(a1, v128.load(target, 32))
      b1 = f32x4.add(b1, v128.load(target, 48))
      a2 = f32x4.add(a2, v128.load(target, 64))
      b2 = f32x4.add(b2, v128.load(target, 80))
      a3 = f32x4.add(a3, v128.load(target, 96))
      b3 = f32x4.add(b3, v128.load(target, 112))
    }
    v128.store(target, a0)
    v128.store(target, b0, 16)
    v128.store(target, a1, 32)
    v128.store(target, b1, 48)
    v128.store(target, a2, 64)
    v128.store(target, b2, 80)
    v128.store(target, a3, 96)
    v128.store(target, b3, 112)
    target += 4 * LANES
  }
}

/** Gᵀ s G, for the weights of some blocks of 8 output channels. */
function transformSums(
  sums: usize,
  target: usize,
  inChannels: i32,
  outChannels: i32,
  first: i32,
  end: i32,
): void {
  const inLanes = <usize>inChannels * LANES
  const plane = <usize>(inChannels * outChannels) * F
  for (let block = first; block < end; block++) {
    for (let i: usize = 0; i < inLanes; i += V) {
      let s = sums + <usize>block * inLanes + i
      const a0 = v128.load(s)
      const a1 = v128.load(s + plane)
      const a2 = v128.load(s + 2 * plane)
      const a3 = v128.load(s + 3 * plane)
      s += 4 * plane
      const b0 = v128.load(s)
      const b1 = v128.load(s + plane)
      const b2 = v128.load(s + 2 * plane)
      const b3 = v128.load(s + 3 * plane)
      s += 4 * plane
      const c0 = v128.load(s)
      const c1 = v128.load(s + plane)
      const c2 = v128.load(s + 2 * plane)
      const c3 = v128.load(s + 3 * plane)
      s += 4 * plane
      const d0 = v128.load(s)
      const d1 = v128.load(s + plane)
      const d2 = v128.load(s + 2 * plane)
      const d3 = v128.load(s + 3 * plane)
      const q = target + <usize>block * 9 * inLanes + i
      const p0 = half(b0, c0)
      const p1 = half(b1, c1)
      const p2 = half(b2, c2)
      const p3 = half(b3, c3)
      keepSums(q, inLanes, f32x4.add(a0, p0), f32x4.add(a1, p1), f32x4.add(a2, p2), f32x4.add(a3, p3))
      keepSums(
        q + 3 * inLanes,
        inLanes,
        halfDifference(b0, c0),
        halfDifference(b1, c1),
        halfDifference(b2, c2),
        halfDifference(b3, c3),
      )
      keepSums(
        q + 6 * inLanes,
        inLanes,
        f32x4.add(p0, d0),
        f32x4.add(p1, d1),
        f32x4.add(p2, d2),
        f32x4.add(p3, d3),
      )
    }
  }
}

function keepSums(q: usize, tapBytes: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  const p = half(s1, s2)
  v128.store(q, f32x4.add(s0, p))
  v128.store(q + tapBytes, halfDifference(s1, s2))
  v128.store(q + 2 * tapBytes, f32x4.add(p, s3))
}

function half(a: v128, b: v128): v128 {
  return f32x4.mul(f32x4.splat(0.5), f32x4.add(a, b))
}

function halfDifference(a: v128, b: v128): v128 {
  return f32x4.mul(f32x4.splat(0.5), f32x4.sub(a, b))
}

@unmanaged
export class WinogradTilesCall {
  /** What the first tile begins with: the first tap's input, or the first pixel of dy. */
  x: usize
  xImage: usize
  xRow: usize
  xPixel: usize
  /** [16][tile of all images][channels] */
  tiles: usize
  planeBytes: usize
  /** Of the convolution's output, even. */
  rows: i32
  cols: i32
  /** As they are stored. */
  channels: i32
}

/** Bᵀ x B of all tiles. */
export function winogradInputTiles(call: WinogradTilesCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const bytes = <usize>call.channels * F
  let target = call.tiles + <usize>(first * (call.rows >> 1) * (call.cols >> 1)) * bytes
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row += 2) {
      let source = x + <usize>image * call.xImage + <usize>row * call.xRow
      for (let col = 0; col < call.cols; col += 2) {
        transformInput(source, call.xRow, call.xPixel, target, call.planeBytes, bytes)
        source += 2 * call.xPixel
        target += bytes
      }
    }
  }
}

/** A dy Aᵀ of all tiles. */
export function winogradGradientTiles(call: WinogradTilesCall, first: i32, count: i32): void {
  const x = place(call.x, call.xImage, first)
  const bytes = <usize>call.channels * F
  let target = call.tiles + <usize>(first * (call.rows >> 1) * (call.cols >> 1)) * bytes
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < call.rows; row += 2) {
      let source = x + <usize>image * call.xImage + <usize>row * call.xRow
      for (let col = 0; col < call.cols; col += 2) {
        transformGradient(source, call.xRow, call.xPixel, target, call.planeBytes, bytes)
        source += 2 * call.xPixel
        target += bytes
      }
    }
  }
}

/** Tiles that are summed before the sums are stored: they and their gradients stay in the core's own cache. */
const SUMMED_TILES = 128

@unmanaged
export class WinogradSumsCall {
  /** [16][tile of all images][in] */
  inputTiles: usize
  inputPlane: usize
  /** [16][tile of all images][out] */
  gradientTiles: usize
  gradientPlane: usize
  /** [16][out ÷ 8][in][8] */
  sums: usize
  /** [out ÷ 8][9][in][8] */
  gradient: usize
  tilesPerImage: i32
  /** As they are stored. */
  inChannels: i32
  outChannels: i32
}

/** Σ over all images' tiles of v · d; a unit is one of the 16 products of 8 output channels. */
export function winogradSums(call: WinogradSumsCall, first: i32, count: i32): void {
  const inBytes = <usize>call.inChannels * F
  const outBytes = <usize>call.outChannels * F
  const blocks = call.outChannels >> 3
  const tiles = step().images * call.tilesPerImage
  for (let unit = first; unit < first + count; unit++) {
    const k = <usize>(unit / blocks)
    const out = <usize>(unit % blocks) * LANES
    const target = call.sums + <usize>unit * inBytes * 8
    for (let start = 0; start < tiles; start += SUMMED_TILES) {
      sumBlock(
        call.inputTiles + k * call.inputPlane + <usize>start * inBytes,
        call.gradientTiles + k * call.gradientPlane + <usize>start * outBytes + out,
        inBytes,
        outBytes,
        min(SUMMED_TILES, tiles - start),
        target,
        start == 0,
      )
    }
  }
}

/** Gᵀ s G; a unit is 8 output channels. */
export function winogradFilter(call: WinogradSumsCall, first: i32, count: i32): void {
  transformSums(call.sums, call.gradient, call.inChannels, call.outChannels, first, first + count)
}
