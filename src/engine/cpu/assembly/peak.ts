// What a core can do at most: independent chains of multiply-add, of values that never leave the registers.
import { madd } from './arithmetic'

@unmanaged
export class PeakCall {
  /** Of the chains, each 12 vectors of 4. */
  rounds: i32
  /** Where the result goes, so that nobody leaves the work out. */
  result: usize
}

export function peak(call: PeakCall, first: i32, count: i32): void {
  const x = f32x4.splat(0.9999)
  const y = f32x4.splat(0.5)
  let a0 = f32x4.splat(<f32>first)
  let a1 = a0,
    a2 = a0,
    a3 = a0,
    a4 = a0,
    a5 = a0,
    a6 = a0,
    a7 = a0,
    a8 = a0,
    a9 = a0,
    a10 = a0,
    a11 = a0
  for (let i = call.rounds * count; i > 0; i--) {
    a0 = madd(a0, x, y)
    a1 = madd(a1, x, y)
    a2 = madd(a2, x, y)
    a3 = madd(a3, x, y)
    a4 = madd(a4, x, y)
    a5 = madd(a5, x, y)
    a6 = madd(a6, x, y)
    a7 = madd(a7, x, y)
    a8 = madd(a8, x, y)
    a9 = madd(a9, x, y)
    a10 = madd(a10, x, y)
    a11 = madd(a11, x, y)
  }
  const s0 = f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3))
  const s1 = f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7))
  const s2 = f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11))
  v128.store(call.result, f32x4.add(f32x4.add(s0, s1), s2))
}
