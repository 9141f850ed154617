import { expect, test } from 'vitest'
import { doesDecay } from '../../config/weight-decay-group.ts'
import { slotNames } from '../../optimisers/index.ts'
import { OPTIMISED_PARAMETERS, OPTIMISER_RUNS } from '../../testing/suites/optimiser-runs.ts'
import { optimise, type OptimisedValue } from './optimise.ts'

/** What the fixture's float32 leave of float64. */
const PRECISION = 1e-7

test.each(OPTIMISER_RUNS)('%s takes PyTorch’s 20 steps', (_, { optimiser, steps, ...expected }) => {
  const slots = slotNames(optimiser)
  expect(Object.keys(expected.slots).toSorted()).toEqual(slots.toSorted())
  for (const { name, role } of OPTIMISED_PARAMETERS) {
    const decay = doesDecay(role, optimiser.decays) ? optimiser.weightDecay : 0
    for (const [i, initial] of (expected.initial[name] ?? []).entries()) {
      const last = steps.reduce<OptimisedValue>(
        (value, { gradients, learningRate }, before) => {
          const gradient = gradients[name]?.[i] ?? Number.NaN
          return optimise(value, { gradient, decay, learningRate, step: before + 1 }, optimiser)
        },
        { parameter: initial, slots: slots.map(() => 0) },
      )
      const wanted = [expected.parameters, ...slots.map((slot) => expected.slots[slot])]
      for (const [j, found] of [last.parameter, ...last.slots].entries()) {
        const value = wanted[j]?.[name]?.[i] ?? Number.NaN
        expect(Math.abs(found - value)).toBeLessThan(PRECISION * Math.max(1, Math.abs(value)))
      }
    }
  }
})
