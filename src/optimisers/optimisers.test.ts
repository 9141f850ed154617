// What the lab expects of every optimiser; the engines' tests compare their formulas with PyTorch's steps.
import { describe, expect, test } from 'vitest'
import { describeKind } from '../testing/suites/kind-suite.ts'
import { type Arithmetic, MOST_CONSTANTS, MOST_SLOTS, MOST_STEP_FACTORS } from './formula.ts'
import { FORMULAS, formulaOf, OPTIMISERS, optimiserConfigSchema, slotNames, stepFactors } from './index.ts'

type AnyOptimiser = (typeof OPTIMISERS)[number]

const exampleOf = (optimiser: AnyOptimiser, fields: Readonly<Record<string, unknown>>) =>
  Object.entries(fields).reduce(
    (config, [name, value]) => optimiser.withField(config, name, value),
    optimiser.defaults,
  )

/** The names that a formula gives, in an arithmetic of nothing. */
function namedIn(formula: (typeof FORMULAS)[number], known: readonly string[]): string[] {
  const names: string[] = []
  const nothing = () => null
  const arithmetic: Arithmetic<null> = {
    one: null,
    add: nothing,
    subtract: nothing,
    multiply: nothing,
    divide: nothing,
    square: nothing,
    squareRoot: nothing,
    sign: nothing,
    named(name) {
      names.push(name)
      return null
    },
  }
  const inputs = { value: null, gradient: null, decay: null, rate: null }
  formula.update(arithmetic, inputs, Object.fromEntries(known.map((name) => [name, null])))
  return names
}

test('every optimiser has a name of its own, in the config and on the page', () => {
  expect(new Set(OPTIMISERS.map(({ kind }) => kind)).size).toBe(OPTIMISERS.length)
  expect(new Set(OPTIMISERS.map(({ label }) => label)).size).toBe(OPTIMISERS.length)
})

describe.each(OPTIMISERS.map((optimiser) => [optimiser.kind, optimiser] as const))('%s', (_, optimiser) => {
  const { defaults, formulas, pytorch } = optimiser

  describeKind(optimiser, defaults, optimiserConfigSchema)

  test('has defaults in which nothing is wrong', () => {
    expect(optimiser.check(defaults)).toBeNull()
    expect(optimiser.tidy(defaults)).toEqual(defaults)
  })

  test('has a formula for each of its examples, and numbers for it at every step', () => {
    for (const formula of formulas) {
      const config = exampleOf(optimiser, formula.example)
      expect(formulaOf(config)).toBe(formula)
      expect(slotNames(config).length).toBeLessThanOrEqual(MOST_SLOTS)
      const constants = Object.values(formula.constants(config))
      expect(constants.length).toBeLessThanOrEqual(MOST_CONSTANTS)
      for (const step of [1, 2, 1000, 1e6]) {
        const factors = stepFactors(config, step)
        expect(factors.length).toBeLessThanOrEqual(MOST_STEP_FACTORS)
        expect([...constants, ...factors].every(Number.isFinite)).toBe(true)
      }
    }
  })

  test('calls the things of a formula by names that a kernel can have side by side', () => {
    for (const formula of formulas) {
      const config = exampleOf(optimiser, formula.example)
      const constants = Object.keys(formula.constants(config))
      const known = [...formula.slots, ...constants, ...Object.keys(formula.stepFactors(config, 1))]
      const names = ['value', 'gradient', 'decay', 'step', ...known, ...namedIn(formula, known)]
      expect(new Set(names).size).toBe(names.length)
      for (const name of names) expect(name).toMatch(/^[a-z]\w*$/)
    }
  })

  test('is constructed in a PyTorch script, by torch.optim’s class or one that the script defines', () => {
    const constructed = pytorch.construct(defaults)
    expect(constructed).toContain('(groups, lr=RATE')
    const [name = ''] = constructed.split('(')
    expect(name.startsWith('torch.optim.')).toBe(pytorch.definition === undefined)
    const definition = pytorch.definition ?? `class ${name}(torch.optim.Optimizer):`
    expect(definition).toContain(`class ${name}(torch.optim.Optimizer):`)
  })
})

test('every formula of every optimiser has a number of its own', () => {
  expect(new Set(FORMULAS).size).toBe(OPTIMISERS.flatMap(({ formulas }) => formulas).length)
})
