// Whether two contenders train the same network: their losses before and after the first update tell.
import type { EngineName } from './contender.ts'

export type LossCheck = {
  /** @throws Error where the loss is not that of the contender that came first */
  check(engine: EngineName, step: number, loss: number): void
}

/** As a share of the loss. */
const TOLERANCE = 1e-3

export function createLossCheck(): LossCheck {
  const marks = new Map<number, { readonly engine: EngineName; readonly loss: number }>()
  return {
    check(engine, step, loss) {
      if (!Number.isFinite(loss)) throw new Error(`Its loss at step ${step} is ${loss}.`)
      const mark = marks.get(step)
      if (!mark) marks.set(step, { engine, loss })
      else if (Math.abs(loss - mark.loss) > TOLERANCE * mark.loss) {
        throw new Error(
          `It trains another network: its loss at step ${step} is ${loss.toFixed(5)}, that of ${mark.engine} ${mark.loss.toFixed(5)}.`,
        )
      }
    },
  }
}
