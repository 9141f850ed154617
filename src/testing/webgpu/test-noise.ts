import { createRandom } from '../../base/random.ts'

/** Standard normal values that float32 holds exactly. */
export function noise(length: number, seed: number): Float64Array {
  const random = createRandom(seed, 'kernel test')
  return Float64Array.from({ length }, () => Math.fround(random.normal()))
}
