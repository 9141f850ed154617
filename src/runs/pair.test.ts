import { expect, test } from 'vitest'
import { defaultSetup } from '../client/setup/default-setup.ts'
import { withWidth } from '../network/resize-network.ts'
import { arePair, configOf, sideOf } from './pair.ts'

const setup = defaultSetup(null)

test('the two runs of a set-up differ in identity and in nothing else', () => {
  const a = configOf('a', setup)
  const b = configOf('b', setup)
  expect([a.network.identity, b.network.identity]).toEqual([true, false])
  expect({ ...b, network: { ...b.network, identity: true } }).toEqual(a)
  expect([sideOf(a), sideOf(b)]).toEqual(['a', 'b'])
})

test('a set-up written without identity still gives both sides', () => {
  const plain = configOf('b', setup)
  expect(configOf('a', plain).network.identity).toBe(true)
  expect(configOf('b', plain).network.identity).toBe(false)
})

test('two runs that differ in identity only are a pair, whatever the order of their keys', () => {
  const a = configOf('a', setup)
  const b = Object.fromEntries(Object.entries(configOf('b', setup)).toReversed())
  expect(arePair(a, { ...a, ...b })).toBe(true)
})

test('a longer run is still the other one’s pair', () => {
  const longer = { ...configOf('b', setup), budget: { unit: 'epoch' as const, amount: 99 } }
  expect(arePair(configOf('a', setup), longer)).toBe(true)
})

test.each([
  ['another seed', { seed: setup.seed + 1 }],
  ['another batch size', { batchSize: setup.batchSize + 1 }],
  ['another width', { network: withWidth(setup.network, 12) }],
])('%s makes two runs no pair', (_what, change) => {
  expect(arePair(configOf('a', setup), configOf('b', { ...setup, ...change }))).toBe(false)
})

test('two runs of the same side are no pair', () => {
  expect(arePair(configOf('a', setup), configOf('a', setup))).toBe(false)
})
