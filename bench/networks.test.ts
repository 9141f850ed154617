import { expect, test } from 'vitest'
import { parameterCount } from '../src/network/network-facts.ts'
import { buildNetwork, type NetworkName } from './networks.ts'

test.each<[NetworkName, number]>([
  ['resnet-20', 269_722],
  ['resnet-56', 853_018],
  ['iavicenna-18', 1_061_466],
])('%s has as many parameters as its author’s model', (name, count) => {
  expect(parameterCount(buildNetwork(name))).toBe(count)
})
