// What the fixtures of scripts/parity are read and compared with. Inputs follow from an integer formula that both sides
// compute, so that PyTorch and the engine begin with the same bits.
import { elements } from '../../network/network-facts.ts'

/** `count` well-mixed 32-bit words: the finaliser of MurmurHash3 over a counter. */
function words(salt: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => {
    let mixed = (i + Math.imul(salt, 0x10001) + 1) | 0
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return mixed ^ (mixed >>> 16)
  })
}

/** Uniform on [−0.5, 0.5), in steps of 2^−24. */
export function noise(salt: number, shape: readonly number[]): Float32Array {
  return Float32Array.from(words(salt, elements(shape)), (word) => (word >>> 8) / 2 ** 24 - 0.5)
}

/**
 * What normalised values lose where a mean is rounded to a float32, in deviations of `mean + sd · noise`. PyTorch keeps such a
 * mean as well: scripts/parity/compare_batch_norm.py. E[x²] − E[x]² loses a multiple of 1.
 */
export function meanRounding(mean: number, sd: number): number {
  return (2 ** -24 * Math.abs(mean)) / (sd / Math.sqrt(12))
}

/** Uniform bytes. */
export function byteNoise(salt: number, count: number): Uint8Array {
  return Uint8Array.from(words(salt, count), (word) => word >>> 24)
}

/** Float32 values from a fixture's base64. */
export function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return new Float32Array(bytes.buffer)
}

export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0))
}

/** ‖actual − expected‖ / ‖expected‖; infinite where they differ in length or a value is not finite. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let difference = 0
  let size = 0
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN)) ** 2
    size += (expected[i] ?? Number.NaN) ** 2
  }
  if (size === 0 && difference === 0) return 0
  const error = Math.sqrt(difference / size)
  return Number.isFinite(error) ? error : Infinity
}

/** Channels first → channels last, or back: [batch, channels, pixels] ↔ [batch, pixels, channels]. */
export function swapChannels(
  values: Float32Array,
  batch: number,
  outer: number,
  inner: number,
): Float32Array {
  const swapped = new Float32Array(values.length)
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        const offset = image * outer * inner
        swapped[offset + j * outer + i] = values[offset + i * inner + j] ?? 0
      }
    }
  }
  return swapped
}
