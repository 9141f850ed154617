// Randomness without a state: each draw is a function of where it is used, so that draws need no order and a device can
// make them by itself. The WebGPU engine computes the same words (src/engine/webgpu/kernels/dropout.ts).

type Words = readonly [number, number, number, number]

/**
 * Four well-mixed 32-bit words of four others: PCG4D (Jarzynski and Olano, "Hash Functions for GPU Rendering", Journal of
 * Computer Graphics Techniques 9(3), 2020).
 */
export function pcg4d(given: Words): Words {
  let [x, y, z, w] = given
  ;[x, y, z, w] = [congruential(x), congruential(y), congruential(z), congruential(w)]
  for (let round = 0; round < 2; round++) {
    x = (x + Math.imul(y, w)) | 0
    y = (y + Math.imul(z, x)) | 0
    z = (z + Math.imul(x, y)) | 0
    w = (w + Math.imul(y, z)) | 0
    if (round === 0) [x, y, z, w] = [x ^ (x >>> 16), y ^ (y >>> 16), z ^ (z >>> 16), w ^ (w >>> 16)]
  }
  return [x >>> 0, y >>> 0, z >>> 0, w >>> 0]
}

const congruential = (word: number) => (Math.imul(word, 1664525) + 1013904223) | 0

/** A run's seed (an integer from 0 to 2^53 − 1) in 32 bits. */
export function seedWord(seed: number): number {
  return ((seed | 0) ^ Math.imul(Math.floor(seed / 0x1_0000_0000), 0x9e3779b1)) >>> 0
}
