// An optimiser's formula as WGSL.
import type { Arithmetic, Formula } from '../../../../optimisers/formula.ts'
import type { OptimiserConfig } from '../../../../optimisers/index.ts'

/** How tightly an expression's last operator binds: a product is written into a product without brackets. */
type Expression = { readonly text: string; readonly binds: 'whole' | 'product' | 'sum' }

const whole = (text: string): Expression => ({ text, binds: 'whole' })
const before = (slot: string) => `${slot}_before`

/** Within a product, or after a + or −. */
const asTerm = ({ text, binds }: Expression) => (binds === 'sum' ? `(${text})` : text)
const asDivisor = ({ text, binds }: Expression) => (binds === 'whole' ? text : `(${text})`)

/**
 * Statements from `value` (the parameter), `gradient` and `decay` to the slots at `i` and `value`. Slots are arrays of
 * their names, constants are variables of theirs.
 */
export function formulaWgsl(
  formula: Formula<OptimiserConfig>,
  optimiser: OptimiserConfig,
): { readonly code: string; readonly flops: number } {
  // Before any is written: a formula may use a slot after it has said what becomes of it.
  const lines = formula.slots.map((name) => `let ${before(name)} = ${name}[i];`)
  let flops = 0
  function operation(text: string, binds: Expression['binds']): Expression {
    flops++
    return { text, binds }
  }
  const arithmetic: Arithmetic<Expression> = {
    one: whole('1.0'),
    add: (a, b) => operation(`${a.text} + ${asTerm(b)}`, 'sum'),
    subtract: (a, b) => operation(`${a.text} - ${asTerm(b)}`, 'sum'),
    multiply: (a, b) => operation(`${asTerm(a)} * ${asTerm(b)}`, 'product'),
    divide: (a, b) => operation(`${asTerm(a)} / ${asDivisor(b)}`, 'product'),
    square: (a) => operation(`${asTerm(a)} * ${asTerm(a)}`, 'product'),
    squareRoot: ({ text }) => operation(`sqrt(${text})`, 'whole'),
    sign: ({ text }) => operation(`sign(${text})`, 'whole'),
    named(name, { text }) {
      lines.push(`let ${name} = ${text};`)
      return whole(name)
    },
  }
  const factors = Object.keys(formula.stepFactors(optimiser, 1))
  const after = formula.update(
    arithmetic,
    {
      value: whole('value'),
      gradient: whole('gradient'),
      decay: whole('decay'),
      rate: whole('step.learningRate'),
    },
    {
      ...Object.fromEntries(formula.slots.map((name) => [name, whole(before(name))])),
      ...Object.fromEntries(Object.keys(formula.constants(optimiser)).map((name) => [name, whole(name)])),
      ...Object.fromEntries(factors.map((name, i) => [name, whole(`step.factor${i}`)])),
    },
  )
  for (const name of formula.slots) lines.push(`${name}[i] = ${after[name]?.text};`)
  lines.push(`value = ${after['value']?.text};`)
  return { code: lines.join('\n    '), flops }
}
