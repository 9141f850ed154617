import type { Arithmetic } from '../../optimisers/formula.ts'
import { formulaOf, type OptimiserConfig } from '../../optimisers/index.ts'

/** One parameter, and what the optimiser remembers of it, in the order of `slotNames`. */
export type OptimisedValue = { readonly parameter: number; readonly slots: readonly number[] }

export type StepOfOne = {
  readonly gradient: number
  readonly decay: number
  readonly learningRate: number
  /** 1 for the first. */
  readonly step: number
}

/** In float64. */
const NUMBERS: Arithmetic<number> = {
  one: 1,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  square: (a) => a * a,
  squareRoot: Math.sqrt,
  sign: Math.sign,
  named: (_, value) => value,
}

/** One step of one parameter, by the optimiser's formula. */
export function optimise(
  { parameter, slots }: OptimisedValue,
  { gradient, decay, learningRate, step }: StepOfOne,
  optimiser: OptimiserConfig,
): OptimisedValue {
  const formula = formulaOf(optimiser)
  const after = formula.update(
    NUMBERS,
    { value: parameter, gradient, decay, rate: learningRate },
    {
      ...Object.fromEntries(formula.slots.map((name, i) => [name, slots[i] ?? Number.NaN])),
      ...formula.constants(optimiser),
      ...formula.stepFactors(optimiser, step),
    },
  )
  return {
    parameter: after['value'] ?? Number.NaN,
    slots: formula.slots.map((name) => after[name] ?? Number.NaN),
  }
}
