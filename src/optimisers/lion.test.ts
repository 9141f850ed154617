// Lion's module and its row in the list are all that was written: the rest of the lab knows it by them.
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { configFrom } from '../cli/options/config-options.ts'
import { parseOptions } from '../cli/options/options.ts'
import { USAGE } from '../cli/options/usage.ts'
import { recipeScript } from '../transfer/pytorch/recipe-script.ts'
import { fieldNames } from '../ui/setup/field-names.ts'
import { OptimiserPanel } from '../ui/setup/optimiser-panel.tsx'
import { lion } from './lion.ts'

const LION = { kind: 'lion', learningRate: 1e-4, beta1: 0.9, beta2: 0.99, weightDecay: 0, decays: 'all' }

function configOf(...words: readonly string[]) {
  const { values } = parseOptions('train', ['--preset', 'he-20', '--optimiser', 'lion', ...words])
  return configFrom('train', values, 'builtin')
}

test('the command line chooses it, with the paper’s defaults or with other values', () => {
  expect(USAGE).toContain('|lion')
  expect(configOf().optimiser).toEqual(LION)
  const others = configOf('--learning-rate', '3e-4', '--set', 'optimiser.beta2=0.98')
  expect(others.optimiser).toEqual({ ...LION, learningRate: 3e-4, beta2: 0.98 })
})

test('what is no value of its fields is refused by the field', () => {
  expect(() => configOf('--set', 'optimiser.beta1=2')).toThrow('not valid at optimiser.beta1')
  expect(() => configOf('--set', 'optimiser.epsilon=1')).toThrow('Unrecognized key: "epsilon"')
})

test('the page’s form has its fields, by their names', () => {
  const setup = { ...configOf(), optimiser: lion.defaults }
  const page = renderToStaticMarkup(createElement(OptimiserPanel, { setup, edit: () => undefined }))
  for (const label of ['Lion', 'Learning rate', 'β₁', 'β₂', 'Weight decay', 'Weight decay applies to'])
    expect(page).toContain(label)
  expect(page).not.toContain('ε')
  expect(fieldNames(['optimiser.beta1', 'optimiser.weightDecay'])).toEqual(['β₁', 'weight decay'])
})

test('the PyTorch script defines it before it makes one', () => {
  const script = recipeScript(configOf('--set', 'optimiser.weightDecay=0.1'), 0, 1e-4)
  const made = script.indexOf('    return Lion(groups, lr=RATE, betas=(0.9, 0.99))')
  const defined = script.indexOf('class Lion(torch.optim.Optimizer):')
  expect(defined).toBeGreaterThan(0)
  expect(made).toBeGreaterThan(defined)
  expect(script).toContain("'weight_decay': 0.1}")
  expect(script).not.toContain('torch.optim.Lion')
})
