import { expect, test } from 'vitest'
import { FORMULAS } from '../../optimisers/index.ts'
import { formulasAssembly } from './formula-assembly.ts'

const SOURCE = formulasAssembly()

/** The functions of an optimiser's formulas. */
function functionsOf(kind: string): string[] {
  const [, ...functions] = SOURCE.split('\n/** ')
  return functions.filter((text) => text.startsWith(`${kind} */`))
}

test('there is a function for each formula, which is called by its number', () => {
  for (const number of FORMULAS.keys()) {
    expect(SOURCE).toContain(`    case ${number}:\n      return formula${number}(call, start, decay)`)
    expect(SOURCE).toContain(`function formula${number}(`)
  }
  expect(SOURCE).not.toContain(`formula${FORMULAS.length}(`)
  expect(SOURCE).not.toContain('undefined')
})

test('a product’s scalars are multiplied first, once for a stretch; other products stay as the formula has them', () => {
  expect(functionsOf('adam').join()).toMatch(
    /const (\w+) = f32x4\.splat\(\(now\.learningRate \* now\.factor0\)\)/,
  )
  expect(functionsOf('adamw').join()).toContain('f32x4.splat((<f32>1 - (now.learningRate * decay)))')
  expect(functionsOf('adagrad').join()).toMatch(/f32x4\.mul\(splat\d, f32x4\.div\(decayed, /)
})

test('without momentum SGD reads no slot', () => {
  const [plain, withMomentum] = functionsOf('sgd')
  expect(plain).not.toContain('slot')
  expect(withMomentum).toContain('const momentum = v128.load(call.slot0 + i)')
})
