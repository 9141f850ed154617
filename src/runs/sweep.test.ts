import { expect, test } from 'vitest'
import { PRESETS } from '../presets/presets.ts'
import { weightLayers } from '../network/format-network.ts'
import { withLayers } from '../network/resize-network.ts'
import { sweepSetups } from './sweep.ts'

const setup = (id: string) => {
  const preset = PRESETS.find((other) => other.id === id)
  if (!preset) throw new Error(`no preset ${id}`)
  return preset.config
}

test('a sweep is every depth with each seed, and nothing else differs', () => {
  const base = { ...setup('akamaster-20'), seed: 7 }
  const setups = sweepSetups(base, { sides: ['a', 'b'], seeds: 2, depths: [8, 56] })
  expect(setups.map(({ seed, network }) => [seed, weightLayers(network)])).toEqual([
    [7, 8],
    [7, 56],
    [8, 8],
    [8, 56],
  ])
  for (const one of setups) expect({ ...one, seed: 7, network: base.network }).toEqual(base)
  expect(sweepSetups(base, { sides: ['a'], seeds: 3, depths: [] }).map(({ seed }) => seed)).toEqual([7, 8, 9])
})

test('a family has the depths of its own presets, and no others', () => {
  const ofPreset = (id: string, layers: number) => withLayers(setup(id).network, layers)
  expect(ofPreset('akamaster-20', 110)).toEqual(setup('akamaster-110').network)
  expect(ofPreset('akamaster-20', 21)).toBeNull()
  expect(ofPreset('akamaster-20', 2)).toBeNull()
  expect(ofPreset('akamaster-20', 100_000)).toBeNull()
})
