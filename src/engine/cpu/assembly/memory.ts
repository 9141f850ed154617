// What every kernel knows of the memory: constants of its layout, the step's inputs, and this thread's own part.

/** Bytes of a float, of a vector of four, and of the eight channels that go together. */
export const F: usize = 4
export const V: usize = 16
export const LANES: usize = 32

/** What changes from step to step lies here; `Step` in ../step.ts writes it. */
const STEP: usize = 64

@unmanaged
export class Step {
  /** Of the batch; no others are computed. */
  images: i32
  cropPadding: i32
  learningRate: f32
  /** Steps taken before this one. */
  number: i32
  /** What of the optimiser's formula changes with the step. */
  factor0: f32
  factor1: f32
}

export function step(): Step {
  return changetype<Step>(STEP)
}

/** Where this thread's own tensors begin. */
let own: usize = 0

export function setOwn(address: usize): void {
  own = address
}

/**
 * Where a tensor's image lies. Addresses are even, so the lowest bit marks a tensor of which each thread has its own, for
 * the images of one chunk only: `image` is the first of them.
 */
export function place(address: usize, imageBytes: usize, image: i32): usize {
  return address & 1 ? own + (address ^ 1) : address + <usize>image * imageBytes
}

/** x where x is not below 0, so that NaN stays. */
export function positive(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0))
}

/** `x` where `mask` is above 0, else 0. */
export function where(mask: v128, x: v128): v128 {
  return v128.and(x, f32x4.gt(mask, f32x4.splat(0)))
}

/** −1, 0 or 1 of each; 0 of NaN, as in PyTorch. */
export function sign(x: v128): v128 {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  return f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)))
}
