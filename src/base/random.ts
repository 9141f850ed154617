// The one source of randomness: a small seeded generator whose state is plain data.
// A generator belongs to a seed and a named stream, so that drawing more in one place moves nothing in another:
// removing a shortcut's parameters leaves every other parameter's initial values as they were.

/** sfc32's four words (Chris Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush. */
export type RandomState = readonly [number, number, number, number]

export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number
  /** Uniform integer in [0, bound), without modulo bias. `bound` is in 1 … 2^32. */
  below(bound: number): number
  /** Standard normal (Box–Muller, both halves used). */
  normal(): number
  /** The state after the draws so far; a generator restored from it continues the sequence of `uniform` and `below`. */
  state(): RandomState
}

export function createRandom(seed: number, stream: string): Random {
  const next = splitMix32(hash(stream) ^ Math.imul(seed | 0, 0x9e3779b1))
  // The high bits of a large seed count as well.
  const high = Math.floor(seed / 0x1_0000_0000) | 0
  const random = restoreRandom([next() ^ high, next(), next(), 1])
  for (let i = 0; i < 12; i++) random.uniform()
  return random
}

export function restoreRandom(state: RandomState): Random {
  let [a, b, c, counter] = state
  let spare: number | null = null

  function word(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }

  return {
    uniform: () => word() / 0x1_0000_0000,
    below(bound) {
      const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound)
      let drawn = word()
      while (drawn >= limit) drawn = word()
      return drawn % bound
    },
    normal() {
      if (spare !== null) {
        const value = spare
        spare = null
        return value
      }
      const radius = Math.sqrt(-2 * Math.log(1 - word() / 0x1_0000_0000))
      const angle = (2 * Math.PI * word()) / 0x1_0000_0000
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle)
    },
    state: () => [a, b, c, counter],
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  return value
}

function splitMix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}
