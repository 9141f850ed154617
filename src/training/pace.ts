// How often the loop reads metrics back, and how fast it goes.

/** Reads closer together than this tell a person nothing more. */
const READ_BACK_SECONDS = 0.25
const MOST_STEPS_PER_READ_BACK = 16
/** Weight of the newest measurement in the running mean. */
const NEWEST = 0.3

export type Pace = {
  /** Steps to enqueue before asking for their metrics. */
  stepsPerReadBack(): number
  /** Some steps have finished at `now` (ms). */
  finished(steps: number, now: number): void
  /** The clock stood still, or something else was done, until `now` (ms). */
  restart(now: number): void
  /** Null until measured. */
  secondsPerStep(): number | null
}

export function createPace(): Pace {
  let last: number | null = null
  let mean: number | null = null

  return {
    stepsPerReadBack() {
      if (mean === null) return 1
      return Math.min(MOST_STEPS_PER_READ_BACK, Math.max(1, Math.floor(READ_BACK_SECONDS / mean)))
    },
    finished(steps, now) {
      if (last !== null && steps > 0 && now > last) {
        const measured = (now - last) / 1000 / steps
        mean = mean === null ? measured : (1 - NEWEST) * mean + NEWEST * measured
      }
      last = now
    },
    restart(now) {
      last = now
    },
    secondsPerStep: () => mean,
  }
}
