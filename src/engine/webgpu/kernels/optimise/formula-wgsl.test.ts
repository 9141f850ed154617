import { expect, test } from 'vitest'
import { formulaOf } from '../../../../optimisers/index.ts'
import { OPTIMISER_EXAMPLES } from '../../../../testing/suites/optimiser-runs.ts'
import { formulaWgsl } from './formula-wgsl.ts'

test.each(OPTIMISER_EXAMPLES)('reads every slot before it writes any, and each once: %o', (config) => {
  const formula = formulaOf(config)
  const { code, flops } = formulaWgsl(formula, config)
  const uses = formula.slots.flatMap((slot) =>
    Array.from(code.matchAll(new RegExp(`\\b${slot}\\[i\\]`, 'g'))),
  )
  expect(uses.length).toBe(2 * formula.slots.length)
  const firstWrite = code.search(/^ *\w+\[i\] = /m)
  const reads = formula.slots.map((slot) => code.indexOf(`= ${slot}[i];`))
  expect(reads.every((at) => at >= 0 && at < firstWrite)).toBe(true)
  expect(flops).toBeGreaterThanOrEqual(4)
})

test('a product is written from left to right, and sums keep their brackets', () => {
  const written = OPTIMISER_EXAMPLES.map((config) => formulaWgsl(formulaOf(config), config).code)
  const adam = written.find((code) => code.includes('exp_avg_sq'))
  expect(adam).toContain('let square = beta2 * exp_avg_sq_before + rest2 * decayed * decayed;')
  expect(adam).toContain(
    'value = value - step.learningRate * step.factor0 * mean / (sqrt(square) * step.factor1 + epsilon);',
  )
  const nesterov = written.find((code) => code.includes('(decayed + mu * velocity)'))
  expect(nesterov).toContain('value = value - step.learningRate * (decayed + mu * velocity);')
})
