import { expect, test } from 'vitest'
import { pcg4d, seedWord } from './counter-random.ts'

/** The definition in exact integers, cut to 32 bits after every operation. */
function pcg4dInIntegers(given: readonly number[]): number[] {
  const cut = (value: bigint) => BigInt.asUintN(32, value)
  let [x = 0n, y = 0n, z = 0n, w = 0n] = given.map((word) => cut(BigInt(word) * 1664525n + 1013904223n))
  const mix = () => {
    x = cut(x + y * w)
    y = cut(y + z * x)
    z = cut(z + x * y)
    w = cut(w + y * z)
  }
  mix()
  ;[x, y, z, w] = [x ^ (x >> 16n), y ^ (y >> 16n), z ^ (z >> 16n), w ^ (w >> 16n)]
  mix()
  return [x, y, z, w].map(Number)
}

test('a hash is that of exact integers, up to the largest words', () => {
  for (const words of [
    [0, 0, 0, 0],
    [1, 2, 3, 4],
    [0xffffffff, 0x80000000, 0x7fffffff, 0xdeadbeef],
    [127, 65_537, 64_000, 0x9e3779b1],
  ] as const) {
    expect(pcg4d(words)).toEqual(pcg4dInIntegers(words))
  }
})

test('a change of one bit (of the lowest 24 of a word) changes each of the highest 8 bits in half of the cases', () => {
  const CASES = 1000
  const PER_WORD = 24
  const high = (words: readonly number[]) => words.map((word) => word >>> 24)
  for (let bit = 0; bit < 4 * PER_WORD; bit++) {
    const changed = new Float64Array(4 * 8)
    for (let at = 0; at < CASES; at++) {
      const [x, y, z, w] = [at % 128, 7 * at, 64_000 + at, 12_345]
      const flip = (word: number, i: number) =>
        i === Math.floor(bit / PER_WORD) ? word ^ (1 << (bit % PER_WORD)) : word
      const after = high(pcg4d([flip(x, 0), flip(y, 1), flip(z, 2), flip(w, 3)]))
      for (const [i, before] of high(pcg4d([x, y, z, w])).entries()) {
        for (let k = 0; k < 8; k++) {
          changed[8 * i + k] = (changed[8 * i + k] ?? 0) + (((before ^ (after[i] ?? 0)) >> k) & 1)
        }
      }
    }
    for (const count of changed) expect(Math.abs(count / CASES - 0.5)).toBeLessThan(0.1)
  }
})

test('seeds that differ only above 32 bits have different words, and every word is one of 32 bits', () => {
  const words = [0, 7, 7 + 2 ** 32, 7 + 2 ** 33, 2 ** 53 - 1, 2 ** 31].map(seedWord)
  expect(new Set(words).size).toBe(words.length)
  for (const word of words) expect(word).toBe(word >>> 0)
  expect(seedWord(7)).toBe(7)
})
