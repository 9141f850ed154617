// How many steps a contender takes in a turn, and in which rounds it has one. A fast contender fills its slice of every
// round; one whose step outlasts the slice takes one step a turn, in as many rounds as its time allows.

export type Pace = { readonly steps: number; readonly rounds: ReadonlySet<number> }

export type Slices = {
  readonly rounds: number
  /** What a turn should take. */
  readonly sliceMs: number
}

/** Fewer turns than this have no range. */
const LEAST_TURNS = 2

/** A slow contender may take so many times what its slices add up to. */
const SLOW_ALLOWANCE = 2

/** More steps than this are never queued without waiting, however short they are. */
const MOST_STEPS = 1000

/** @param stepMs what a step took, once nothing was left to compile */
export function paceFor(stepMs: number, { rounds, sliceMs }: Slices): Pace {
  if (stepMs < sliceMs) {
    const steps = Math.min(MOST_STEPS, Math.floor(sliceMs / stepMs))
    return { steps, rounds: new Set(spread(rounds, rounds)) }
  }
  const affordable = Math.floor((SLOW_ALLOWANCE * rounds * sliceMs) / stepMs)
  const turns = Math.min(rounds, Math.max(LEAST_TURNS, affordable))
  return { steps: 1, rounds: new Set(spread(turns, rounds)) }
}

/** `turns` of the rounds, from the first to the last, as evenly as they go. */
function spread(turns: number, rounds: number): number[] {
  if (turns === 1) return [0]
  return Array.from({ length: turns }, (_, i) => Math.round((i * (rounds - 1)) / (turns - 1)))
}
