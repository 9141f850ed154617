// One contender with one network: compiled, checked against the others, and given its turns.
import type { Contender, EngineName } from './contender.ts'
import type { BenchEvent } from './events.ts'
import type { LossCheck } from './loss-check.ts'
import { type Pace, paceFor, type Slices } from './schedule.ts'
import type { Task } from './task.ts'

export type CellContext = {
  readonly task: Task
  readonly losses: LossCheck
  readonly slices: Slices
  readonly emit: (event: BenchEvent) => void
  /** Milliseconds since some moment. */
  readonly now: () => number
}

export type Cell = {
  /** Does nothing in a round that the contender's pace leaves out. */
  readonly takeTurn: (round: number) => Promise<void>
  readonly dispose: () => void
}

type Timed = { readonly steps: number; readonly milliseconds: number; readonly loss: number }

/** Before its first turn a fast contender takes steps for this share of a slice, to learn how many fill one. */
const CALIBRATION_SHARE = 0.25

/** Compiles, and takes the first step. @throws whatever the contender throws, or that it trains another network */
export async function createCell(
  engine: EngineName,
  contender: Contender,
  { task, losses, slices, emit, now }: CellContext,
): Promise<Cell> {
  const { network } = task
  let pace: Pace | null = null

  const begun = now()
  const training = await contender.prepare(task)
  try {
    losses.check(engine, 0, await training.train(1))
  } catch (error) {
    training.dispose()
    throw error
  }
  emit({ kind: 'ready', network, engine, milliseconds: now() - begun })

  async function time(steps: number): Promise<Timed> {
    const start = now()
    const loss = await training.train(steps)
    const milliseconds = now() - start
    if (!Number.isFinite(loss)) throw new Error(`Its loss is ${loss}.`)
    return { steps, milliseconds, loss }
  }

  function count(round: number, { steps, milliseconds }: Timed): void {
    emit({ kind: 'turn', network, engine, round, steps, milliseconds })
  }

  return {
    async takeTurn(round) {
      if (!pace) {
        const first = await time(1)
        losses.check(engine, 1, first.loss)
        pace = paceFor(first.milliseconds, slices)
        // One step fills the slice, so this was the turn.
        if (pace.steps === 1) return count(round, first)
        const { steps, milliseconds } = await time(Math.ceil(pace.steps * CALIBRATION_SHARE))
        pace = paceFor(milliseconds / steps, slices)
      }
      if (!pace.rounds.has(round)) return
      const turn = await time(pace.steps)
      count(round, turn)
      // A first step that something else delayed is no reason for single steps to the end.
      if (pace.steps === 1) pace = paceFor(turn.milliseconds, slices)
    },

    dispose: () => training.dispose(),
  }
}
