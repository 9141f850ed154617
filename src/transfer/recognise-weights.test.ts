import { describe, expect, test } from 'vitest'
import type { ParameterNaming } from '../network/parameter-namings.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import { namesIn } from '../network/rename-parameters.ts'
import { findPreset, preferredNaming, PRESETS } from '../presets/presets.ts'
import { buildResidualNetwork } from '../network/residual-network.ts'
import { recogniseWeights } from './recognise-weights.ts'
import { readSafetensors, type TensorToWrite, toFloat32, writeSafetensors } from './safetensors.ts'

const FILE_NAME = 'theirs.safetensors'
/** Below this many values a test's file stays small. */
const SMALL = 1_000_000

function networkOf(id: string): NetworkConfig {
  const preset = findPreset(id)
  if (!preset) throw new Error(`no preset ${id}`)
  return preset.config.network
}

/** A file as the author's code would have written it: zeros under the naming's names, without a word of ours. */
function fileOf(network: NetworkConfig, classes: number, naming: ParameterNaming): Uint8Array {
  const { parameters, statistics } = buildResidualNetwork(network, classes)
  const namesOf = namesIn(naming, network)
  const tensors = [...parameters, ...statistics].flatMap(({ name, shape }) =>
    namesOf(name).map((own): TensorToWrite => {
      const values = new Float32Array(shape.reduce((product, side) => product * side, 1))
      return { name: own, dtype: 'F32', shape, values }
    }),
  )
  return writeSafetensors(tensors, { format: 'pt' })
}

const small = PRESETS.filter(({ config }) => {
  const { parameters } = buildResidualNetwork(config.network, 10)
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0) < SMALL
})

test.each(small)('$id is recognised by its author’s names and the shapes of its tensors', ({ config }) => {
  const found = recogniseWeights(fileOf(config.network, 10, preferredNaming(config)), FILE_NAME)
  // What leaves no trace in the tensors: where zero channels go, and how values began.
  const { shortcut, initialisation } = found?.network ?? {}
  expect(found?.network).toEqual({ ...config.network, shortcut, initialisation })
  expect(found?.classes).toBe(10)
})

test('drgripa1’s ResNet-20 is told from akamaster’s by its names and biases', () => {
  const network = networkOf('drgripa1-20')
  const found = recogniseWeights(fileOf(network, 10, 'drgripa1'), FILE_NAME)
  expect(found?.preset.id).toBe('drgripa1-20')
  expect(found?.tensors).toBe(116)
})

test('a network is recognised under DataParallel’s prefix', () => {
  const { tensors } = readSafetensors(fileOf(networkOf('drgripa1-20'), 10, 'drgripa1'), FILE_NAME)
  const prefixed = [...tensors].map(([name, stored]): TensorToWrite => ({
    name: `module.${name}`,
    dtype: 'F32',
    shape: stored.shape,
    values: toFloat32(stored),
  }))
  const found = recogniseWeights(writeSafetensors(prefixed, {}), FILE_NAME)
  expect(found?.preset.id).toBe('drgripa1-20')
})

describe('identity', () => {
  test('is assumed where shortcuts have no parameters', () => {
    const network = { ...networkOf('akamaster-20'), identity: false }
    const found = recogniseWeights(fileOf(network, 10, 'akamaster'), FILE_NAME)
    expect(found).toMatchObject({ preset: { id: 'akamaster-20' }, identityKnown: false })
    expect(found?.network.identity).toBe(true)
  })

  test.each([true, false])('is known to be %s where shortcuts are convolutions', (identity) => {
    const network = { ...networkOf('iavicenna-14'), identity }
    const found = recogniseWeights(fileOf(network, 10, 'iavicenna'), FILE_NAME)
    expect(found).toMatchObject({ preset: { id: 'iavicenna-14' }, identityKnown: true, network })
  })
})

test('the number of classes is the file’s, whatever the preset’s data set has', () => {
  const found = recogniseWeights(fileOf(networkOf('drgripa1-20'), 100, 'drgripa1'), FILE_NAME)
  expect(found).toMatchObject({ preset: { id: 'drgripa1-20' }, classes: 100 })
})

test('this lab’s own names for another author’s network are recognised too', () => {
  const found = recogniseWeights(fileOf(networkOf('drgripa1-20'), 10, 'akamaster'), FILE_NAME)
  expect(found?.preset.id).toBe('drgripa1-20')
})

test('a network that no preset has is not recognised, nor is a file with one tensor too many', () => {
  const network = networkOf('akamaster-20')
  const narrower = { ...network, stem: { ...network.stem, channels: 15 } }
  expect(recogniseWeights(fileOf(narrower, 10, 'akamaster'), FILE_NAME)).toBeNull()
  const extra: TensorToWrite = { name: 'extra', dtype: 'F32', shape: [1], values: new Float32Array(1) }
  expect(recogniseWeights(writeSafetensors([extra], {}), FILE_NAME)).toBeNull()
})
