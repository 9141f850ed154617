// Gradients' partial sums, and one step of an optimiser. A unit is a stretch of 64 parameters, which have one weight decay.
import { optimiseStretch } from './generated/formulas'
import { F, step, V } from './memory'
import { OptimiseCall, STRETCH } from './optimise-call'

@unmanaged
export class SumPartialsCall {
  partials: usize
  partialBytes: usize
  /** Images of a chunk, of which each left a sum. */
  chunkImages: i32
  gradient: usize
  gradientBytes: usize
}

export function sumPartials(call: SumPartialsCall, first: i32, count: i32): void {
  const chunks = (step().images + call.chunkImages - 1) / call.chunkImages
  const start = <usize>first * STRETCH
  const end = min(<usize>(first + count) * STRETCH, call.gradientBytes)
  let i = start
  // Whole lines of the cache: the sums of different chunks tend to fall into the same ones.
  for (; i + 4 * V <= end; i += 4 * V) {
    let q = call.partials + i
    let s0 = v128.load(q)
    let s1 = v128.load(q, 16)
    let s2 = v128.load(q, 32)
    let s3 = v128.load(q, 48)
    for (let chunk = 1; chunk < chunks; chunk++) {
      q += call.partialBytes
      s0 = f32x4.add(s0, v128.load(q))
      s1 = f32x4.add(s1, v128.load(q, 16))
      s2 = f32x4.add(s2, v128.load(q, 32))
      s3 = f32x4.add(s3, v128.load(q, 48))
    }
    const target = call.gradient + i
    v128.store(target, s0)
    v128.store(target, s1, 16)
    v128.store(target, s2, 32)
    v128.store(target, s3, 48)
  }
  for (; i < end; i += V) {
    let q = call.partials + i
    let sum = v128.load(q)
    for (let chunk = 1; chunk < chunks; chunk++) {
      q += call.partialBytes
      sum = f32x4.add(sum, v128.load(q))
    }
    v128.store(call.gradient + i, sum)
  }
}

export function optimise(call: OptimiseCall, first: i32, count: i32): void {
  for (let unit = first; unit < first + count; unit++) {
    optimiseStretch(call, <usize>unit * STRETCH, load<f32>(call.decay + <usize>unit * F))
  }
}
