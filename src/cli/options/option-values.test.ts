import { expect, test } from 'vitest'
import { configFrom } from './config-options.ts'

const AKAMASTER = { preset: 'akamaster-20' }

test.each([
  ['0,001', 0.001],
  ['0,005', 0.005],
  ['1e-3', 0.001],
  ['1E-3', 0.001],
  ['1·10⁻³', 0.001],
  ['.1', 0.1],
  [' 0.1\n', 0.1],
  ['０.１', 0.1],
])('--learning-rate %s', (learningRate, read) => {
  const { optimiser } = configFrom('train', { ...AKAMASTER, 'learning-rate': learningRate }, null)
  expect(optimiser.learningRate).toBe(read)
})

test.each([
  ['1,000', 'train: --learning-rate: “1,000” can be 1 or 1000. Enter the one you mean.'],
  ['−0.1', 'train: --learning-rate takes a number above 0, not "−0.1"'],
  ['5%', 'train: --learning-rate takes a number above 0, not "5%"'],
])('--learning-rate %s is refused', (learningRate, sentence) => {
  expect(() => configFrom('train', { ...AKAMASTER, 'learning-rate': learningRate }, null)).toThrow(sentence)
})

test.each([
  ['64,000', 64_000],
  ['64.000', 64_000],
  ['64 000', 64_000],
])('--steps %s', (steps, read) => {
  expect(configFrom('train', { ...AKAMASTER, steps }, null).budget.amount).toBe(read)
})

test.each(['64k', '6,4', '1e30', ''])('--steps %s is refused', (steps) => {
  expect(() => configFrom('train', { ...AKAMASTER, steps }, null)).toThrow(
    '--steps takes a whole number from 1 on',
  )
})
