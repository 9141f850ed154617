// Gradients' partial sums, and one step of an optimiser, by the formulas of torch.optim. A unit is a stretch of 64
// parameters, which have one weight decay.
import { F, step, V } from './memory'

const STRETCH: usize = 256

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

@unmanaged
export class OptimiseCall {
  parameters: usize
  gradients: usize
  /** The optimiser's slots, where it has them. */
  slot0: usize
  slot1: usize
  /** One weight decay a stretch. */
  decay: usize
  /** Which formula: an index into OPTIMISERS of ../kernels.ts. */
  kind: i32
  /** Constants of the formula: see each. */
  keep: f32
  rest: f32
  keep1: f32
  rest1: f32
  epsilon: f32
  flag: i32
}

export function optimise(call: OptimiseCall, first: i32, count: i32): void {
  for (let unit = first; unit < first + count; unit++) {
    const decay = f32x4.splat(load<f32>(call.decay + <usize>unit * F))
    const start = <usize>unit * STRETCH
    switch (call.kind) {
      case 0:
        sgd(call, start, decay)
        break
      case 1:
        momentum(call, start, decay)
        break
      case 2:
        adam(call, start, decay)
        break
      case 3:
        rmsprop(call, start, decay)
        break
      default:
        adagrad(call, start, decay)
    }
  }
}

function sgd(call: OptimiseCall, start: usize, decay: v128): void {
  const rate = f32x4.splat(step().learningRate)
  for (let i = start; i < start + STRETCH; i += V) {
    const value = v128.load(call.parameters + i)
    const gradient = f32x4.add(v128.load(call.gradients + i), f32x4.mul(decay, value))
    v128.store(call.parameters + i, f32x4.sub(value, f32x4.mul(rate, gradient)))
  }
}

/** keep: momentum; flag: Nesterov's. */
function momentum(call: OptimiseCall, start: usize, decay: v128): void {
  const rate = f32x4.splat(step().learningRate)
  const keep = f32x4.splat(call.keep)
  for (let i = start; i < start + STRETCH; i += V) {
    const value = v128.load(call.parameters + i)
    const gradient = f32x4.add(v128.load(call.gradients + i), f32x4.mul(decay, value))
    const velocity = f32x4.add(f32x4.mul(keep, v128.load(call.slot0 + i)), gradient)
    v128.store(call.slot0 + i, velocity)
    const direction = call.flag ? f32x4.add(gradient, f32x4.mul(keep, velocity)) : velocity
    v128.store(call.parameters + i, f32x4.sub(value, f32x4.mul(rate, direction)))
  }
}

/** keep, rest: β₁ and 1 − β₁; keep1, rest1: β₂ and 1 − β₂; flag: weight decay apart from the gradient. */
function adam(call: OptimiseCall, start: usize, decay: v128): void {
  const now = step()
  const rate = f32x4.splat(now.learningRate)
  const meanRate = f32x4.splat(now.learningRate * now.meanCorrection)
  const root = f32x4.splat(now.rootCorrection)
  const epsilon = f32x4.splat(call.epsilon)
  for (let i = start; i < start + STRETCH; i += V) {
    let value = v128.load(call.parameters + i)
    let gradient = v128.load(call.gradients + i)
    if (call.flag) value = f32x4.mul(value, f32x4.sub(f32x4.splat(1), f32x4.mul(rate, decay)))
    else gradient = f32x4.add(gradient, f32x4.mul(decay, value))
    const mean = f32x4.add(
      f32x4.mul(f32x4.splat(call.keep), v128.load(call.slot0 + i)),
      f32x4.mul(f32x4.splat(call.rest), gradient),
    )
    const square = f32x4.add(
      f32x4.mul(f32x4.splat(call.keep1), v128.load(call.slot1 + i)),
      f32x4.mul(f32x4.splat(call.rest1), f32x4.mul(gradient, gradient)),
    )
    v128.store(call.slot0 + i, mean)
    v128.store(call.slot1 + i, square)
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(square), root), epsilon)
    v128.store(call.parameters + i, f32x4.sub(value, f32x4.div(f32x4.mul(meanRate, mean), divisor)))
  }
}

/** keep: momentum; keep1, rest1: α and 1 − α; flag: whether there is a momentum. */
function rmsprop(call: OptimiseCall, start: usize, decay: v128): void {
  const rate = f32x4.splat(step().learningRate)
  const epsilon = f32x4.splat(call.epsilon)
  for (let i = start; i < start + STRETCH; i += V) {
    const value = v128.load(call.parameters + i)
    const gradient = f32x4.add(v128.load(call.gradients + i), f32x4.mul(decay, value))
    const square = f32x4.add(
      f32x4.mul(f32x4.splat(call.keep1), v128.load(call.slot0 + i)),
      f32x4.mul(f32x4.splat(call.rest1), f32x4.mul(gradient, gradient)),
    )
    v128.store(call.slot0 + i, square)
    let direction = f32x4.div(gradient, f32x4.add(f32x4.sqrt(square), epsilon))
    if (call.flag) {
      direction = f32x4.add(f32x4.mul(f32x4.splat(call.keep), v128.load(call.slot1 + i)), direction)
      v128.store(call.slot1 + i, direction)
    }
    v128.store(call.parameters + i, f32x4.sub(value, f32x4.mul(rate, direction)))
  }
}

function adagrad(call: OptimiseCall, start: usize, decay: v128): void {
  const rate = f32x4.splat(step().learningRate)
  const epsilon = f32x4.splat(call.epsilon)
  for (let i = start; i < start + STRETCH; i += V) {
    const value = v128.load(call.parameters + i)
    const gradient = f32x4.add(v128.load(call.gradients + i), f32x4.mul(decay, value))
    const sum = f32x4.add(v128.load(call.slot0 + i), f32x4.mul(gradient, gradient))
    v128.store(call.slot0 + i, sum)
    const direction = f32x4.div(gradient, f32x4.add(f32x4.sqrt(sum), epsilon))
    v128.store(call.parameters + i, f32x4.sub(value, f32x4.mul(rate, direction)))
  }
}
