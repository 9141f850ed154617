// The optimisers' formulas as AssemblyScript, for scripts/build-kernels.ts.
import type { Arithmetic, Formula } from '../../optimisers/formula.ts'
import { OPTIMISERS, type OptimiserConfig } from '../../optimisers/index.ts'

/** An f32, or a v128 of four values. A vector that has a scalar factor says how it is multiplied by another first. */
type Expression = { readonly text: string } & (
  | { readonly isScalar: true }
  | { readonly isScalar: false; readonly times?: (scalar: string) => Expression }
)

const scalar = (text: string): Expression => ({ text, isScalar: true })
const vector = (text: string): Expression => ({ text, isScalar: false })

/** The module: a function for each formula, and the one that chooses, by its number among all formulas. */
export function formulasAssembly(): string {
  const functions = OPTIMISERS.flatMap(({ kind, formulas, defaults }) =>
    formulas.map((formula) => ({ kind, formula, defaults })),
  )
  return [
    '// Made by `npm run kernels` from the formulas of src/optimisers (src/engine/cpu/formula-assembly.ts).',
    "import { sign, step, V } from '../memory'",
    "import { OptimiseCall, STRETCH } from '../optimise-call'",
    '',
    '/** One step of the parameters from `start` on, which have this weight decay. */',
    'export function optimiseStretch(call: OptimiseCall, start: usize, decay: f32): void {',
    '  switch (call.formula) {',
    ...functions.map((_, i) => `    case ${i}:\n      return formula${i}(call, start, decay)`),
    '    default:\n      unreachable()',
    '  }',
    '}',
    ...functions.map(({ kind, formula, defaults }, i) =>
      formulaFunction(kind, `formula${i}`, formula, defaults),
    ),
    '',
  ].join('\n')
}

function formulaFunction(
  kind: string,
  name: string,
  formula: Formula<OptimiserConfig>,
  config: OptimiserConfig,
): string {
  const { arithmetic, splats, lines } = vectorArithmetic()
  const constants = Object.keys(formula.constants(config))
  const factors = Object.keys(formula.stepFactors(config, 1))
  const after = formula.update(
    arithmetic,
    {
      value: vector('value'),
      gradient: vector('gradient'),
      decay: scalar('decay'),
      rate: scalar('now.learningRate'),
    },
    {
      ...Object.fromEntries(formula.slots.map((slot) => [slot, vector(slot)])),
      ...Object.fromEntries(constants.map((constant, i) => [constant, scalar(`call.constant${i}`)])),
      ...Object.fromEntries(factors.map((factor, i) => [factor, scalar(`now.factor${i}`)])),
    },
  )
  return [
    `\n/** ${kind} */`,
    `function ${name}(call: OptimiseCall, start: usize, decay: f32): void {`,
    '  const now = step()',
    ...[...splats].map(([text, splat]) => `  const ${splat} = f32x4.splat(${text})`),
    '  for (let i = start; i < start + STRETCH; i += V) {',
    '    const value = v128.load(call.parameters + i)',
    '    const gradient = v128.load(call.gradients + i)',
    ...formula.slots.map((slot, i) => `    const ${slot} = v128.load(call.slot${i} + i)`),
    ...lines.map((line) => `    ${line}`),
    ...formula.slots.map((slot, i) => `    v128.store(call.slot${i} + i, ${after[slot]?.text})`),
    `    v128.store(call.parameters + i, ${after['value']?.text})`,
    '  }',
    '}',
  ].join('\n')
}

/** Collects the scalars, each of which is made a vector once before the loop, and the loop's statements. */
function vectorArithmetic(): {
  readonly arithmetic: Arithmetic<Expression>
  readonly splats: ReadonlyMap<string, string>
  readonly lines: readonly string[]
} {
  const splats = new Map<string, string>()
  const lines: string[] = []

  function asVector({ text, isScalar }: Expression): string {
    if (!isScalar) return text
    const splat = splats.get(text) ?? `splat${splats.size}`
    splats.set(text, splat)
    return splat
  }

  const call = (name: string, ...operands: readonly Expression[]) =>
    vector(`f32x4.${name}(${operands.map(asVector).join(', ')})`)
  const both = (operator: string, name: string) => (a: Expression, b: Expression) =>
    a.isScalar && b.isScalar ? scalar(`(${a.text} ${operator} ${b.text})`) : call(name, a, b)
  const product = both('*', 'mul')
  const quotient = both('/', 'div')

  function multiply(a: Expression, b: Expression): Expression {
    if (a.isScalar === b.isScalar) return product(a, b)
    const [factor, other] = a.isScalar ? [a, b] : [b, a]
    if (!other.isScalar && other.times) return other.times(factor.text)
    return {
      ...product(factor, other),
      isScalar: false,
      times: (more) => multiply(product(scalar(more), factor), other),
    }
  }

  function divide(a: Expression, b: Expression): Expression {
    const divided = quotient(a, b)
    const times = a.isScalar ? undefined : a.times
    return times ? { ...divided, isScalar: false, times: (more) => divide(times(more), b) } : divided
  }

  const arithmetic: Arithmetic<Expression> = {
    one: scalar('<f32>1'),
    add: both('+', 'add'),
    subtract: both('-', 'sub'),
    multiply,
    divide,
    square: (a) => product(a, a),
    squareRoot: (a) => (a.isScalar ? scalar(`sqrt<f32>(${a.text})`) : call('sqrt', a)),
    sign: (a) => vector(`sign(${asVector(a)})`),
    named(name, value) {
      if (value.isScalar) return value
      lines.push(`const ${name} = ${value.text}`)
      return vector(name)
    },
  }
  return { arithmetic, splats, lines }
}
