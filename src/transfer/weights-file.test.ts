import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { AppError, type AppErrorCode } from '../base/app-error.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import type { RunConfig } from '../config/run-config.ts'
import { noise } from '../testing/suites/parity.ts'
import { buildGraph } from '../network/build-graph.ts'
import type { Graph } from '../network/graph.ts'
import { findPreset, PRESETS } from '../presets/presets.ts'
import { withBlocks, withWidth } from '../network/resize-network.ts'
import { heNetwork } from '../presets/he.ts'
import { readSafetensors, type TensorToWrite, toFloat32, writeSafetensors } from './safetensors.ts'
import { readWeights, readWeightsConfig, type Weights, runFileName, writeWeights } from './weights-file.ts'

const [preset] = PRESETS
if (!preset) throw new Error('there is no preset')

/** The network of scripts/parity/weights_file.py. */
const NETWORK = heNetwork({ n: 1, width: 2, shortcut: { kind: 'conv1x1-bn' } })
const CONFIG: RunConfig = { ...preset.config, preset: null, network: NETWORK, seed: 2 ** 53 - 1 }
const GRAPH = buildGraph(CONFIG)
const STEPS = 1234
const FILE_NAME = 'net.safetensors'

const trained = (network: NetworkConfig, set: RunConfig['data']['set'] = 'cifar10') => ({
  network,
  data: { set },
})

/** Noise salted with a tensor's place among all names, as scripts/parity/weights_file.py fills it. */
function noiseFor({ parameters, statistics }: Graph): Weights {
  const names = [...parameters, ...statistics].map(({ name }) => name).toSorted()
  const fill = (list: readonly { name: string; shape: readonly number[] }[]) =>
    Object.fromEntries(list.map(({ name, shape }) => [name, noise(names.indexOf(name), shape)]))
  return { parameters: fill(parameters), statistics: fill(statistics) }
}

function write(metrics: unknown = []): Uint8Array<ArrayBuffer> {
  return writeWeights({
    state: { ...noiseFor(GRAPH), steps: STEPS },
    config: CONFIG,
    naming: 'akamaster',
    metrics,
  })
}

/** The file's tensors, each changed by `change`; null leaves one out. */
function rewrite(change: (tensor: TensorToWrite) => TensorToWrite | null): Uint8Array {
  const { tensors, metadata } = readSafetensors(write(), FILE_NAME)
  const changed = [...tensors]
    .map(([name, stored]) => change({ name, dtype: 'F32', shape: stored.shape, values: toFloat32(stored) }))
    .filter((tensor) => tensor !== null)
  return writeSafetensors(changed, metadata)
}

function refusal(code: AppErrorCode, read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof AppError && error.code === code) return error.message
    throw error
  }
  throw new Error('the file was read')
}

test('weights written and read are the same bits', () => {
  expect(readWeights(write(), CONFIG, FILE_NAME)).toEqual(noiseFor(GRAPH))
})

test('config and metrics are in the metadata, and the config is there before there is a graph', () => {
  const metrics = [{ epoch: 1, test: { accuracy: 0.5 } }]
  const file = write(metrics)
  expect(readWeightsConfig(file, FILE_NAME)).toEqual(CONFIG)
  const { metadata } = readSafetensors(file, FILE_NAME)
  expect(metadata['format']).toBe('pt')
  expect(metadata['steps']).toBe('1234')
  expect(JSON.parse(metadata['metrics'] ?? '')).toEqual(metrics)
})

test('a file from elsewhere has no config', () => {
  expect(readWeightsConfig(writeSafetensors([], { format: 'pt' }), FILE_NAME)).toBe(null)
})

test.each(['{"version":1}', 'no JSON'])('a config that was changed to %s is refused', (config) => {
  const sentence = refusal('config-invalid', () =>
    readWeightsConfig(writeSafetensors([], { config }), FILE_NAME),
  )
  expect(sentence).toContain(FILE_NAME)
})

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex')

describe('PyTorch’s state_dict of the same network', () => {
  let file: Uint8Array
  beforeAll(async () => {
    file = await readFile(new URL('../testing/fixtures/he-n1-w2-conv1x1.safetensors', import.meta.url))
  })

  test('is read to the last bit', () => {
    expect(readWeights(file, CONFIG, FILE_NAME)).toEqual(noiseFor(GRAPH))
  })

  test('has the names, types, shapes and bytes that we write, no more and no fewer', () => {
    const theirs = readSafetensors(file, FILE_NAME).tensors
    const ours = readSafetensors(write(), FILE_NAME).tensors
    expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted())
    for (const [name, { dtype, shape, bytes }] of theirs) {
      const own = ours.get(name)
      expect({ name, ...own, bytes: hex(own?.bytes) }).toEqual({ name, dtype, shape, bytes: hex(bytes) })
    }
  })
})

test('every tensor is aligned to its values', () => {
  const file = write()
  for (const { dtype, bytes } of readSafetensors(file, FILE_NAME).tensors.values()) {
    expect((bytes.byteOffset - file.byteOffset) % (dtype === 'I64' ? 8 : 4)).toBe(0)
  }
})

test('num_batches_tracked may be absent', () => {
  const file = rewrite((tensor) => (tensor.name.endsWith('num_batches_tracked') ? null : tensor))
  expect(readWeights(file, CONFIG, FILE_NAME)).toEqual(noiseFor(GRAPH))
})

describe('another architecture’s weights are refused with the first difference', () => {
  const file = write()
  test.each<[string, ReturnType<typeof trained>, string]>([
    [
      'wider',
      trained(withWidth(NETWORK, 4)),
      'has conv1.weight with shape [2, 3, 3, 3], not the [4, 3, 3, 3] of',
    ],
    [
      'deeper',
      trained(withBlocks(NETWORK, 2)),
      'lacks the tensor layer1.1.conv1.weight of shape [2, 2, 3, 3] (and 29 more), which is part of',
    ],
    [
      'without projections',
      trained(heNetwork({ n: 1, width: 2 })),
      'has the tensor layer2.0.shortcut.0.weight of shape [4, 2, 1, 1] (and 9 more), which is no part of',
    ],
    [
      'with more classes',
      trained(NETWORK, 'cifar100'),
      'has linear.weight with shape [10, 8], not the [100, 8] of',
    ],
  ])('%s', (_, network, difference) => {
    const sentence = refusal('weights-mismatch', () => readWeights(file, network, FILE_NAME))
    expect(sentence.startsWith(`${FILE_NAME} ${difference} the expected network (`)).toBe(true)
    expect(sentence).toMatch(
      /\(\d+ weight layers, [\d,]+ parameters, \d+ classes\)\. .*[Cc]hoose (the architecture|a data set)/,
    )
  })
})

test.each([
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [-Infinity, '-Infinity'],
])('a weight that is %s is refused with its place', (value, text) => {
  const file = rewrite((tensor) => {
    if (tensor.name !== 'layer3.0.bn2.running_var' || tensor.dtype !== 'F32') return tensor
    return { ...tensor, values: tensor.values.with(5, value) }
  })
  const sentence = refusal('weights-not-finite', () => readWeights(file, CONFIG, FILE_NAME))
  expect(sentence).toContain(`${FILE_NAME} has ${text} at position 5 of 8 in layer3.0.bn2.running_var`)
})

describe('another author’s names', () => {
  const found = findPreset('iavicenna-14')
  if (!found) throw new Error('no preset iavicenna-14')
  const config: RunConfig = { ...found.config, network: withWidth(found.config.network, 2) }
  const state = { ...noiseFor(buildGraph(config)), steps: STEPS }
  const file = writeWeights({ state, config, naming: 'iavicenna', metrics: [] })

  test('are written, shared tensors under both names, and recognised when read', () => {
    const { tensors } = readSafetensors(file, FILE_NAME)
    expect(tensors.get('downsample1.weight')).toEqual(tensors.get('resLayer1.0.downsample.weight'))
    expect(tensors.get('resLayer2.1.batchNorm3.num_batches_tracked')?.dtype).toBe('I64')
    expect(tensors.has('layer1.0.conv1.weight')).toBe(false)
    const { parameters, statistics } = state
    expect(readWeights(file, config, FILE_NAME)).toEqual({ parameters, statistics })
  })

  test('of one tensor must not hold different values', () => {
    const changed = [...readSafetensors(file, FILE_NAME).tensors].map(([name, stored]): TensorToWrite => {
      const values = toFloat32(stored)
      return {
        name,
        dtype: 'F32',
        shape: stored.shape,
        values: name === 'downsample2.weight' ? values.with(3, 7) : values,
      }
    })
    const bytes = writeSafetensors(changed, {})
    expect(refusal('weights-mismatch', () => readWeights(bytes, config, FILE_NAME))).toMatch(
      /^net\.safetensors has different values in downsample2\.weight and resLayer2\.0\.downsample\.weight, /,
    )
  })

  test('are what a missing tensor is named in', () => {
    const without = [...readSafetensors(file, FILE_NAME).tensors]
      .filter(([name]) => name !== 'full1.bias')
      .map(([name, stored]): TensorToWrite => ({
        name,
        dtype: 'F32',
        shape: stored.shape,
        values: toFloat32(stored),
      }))
    expect(
      refusal('weights-mismatch', () => readWeights(writeSafetensors(without, {}), config, FILE_NAME)),
    ).toMatch(/^net\.safetensors lacks the tensor full1\.bias of shape \[10\], /)
  })
})

/** A file of these tensors, with zeros; a name that is given twice over is renamed. */
const fileOf = (names: (own: string) => string, extra: readonly string[] = []) => {
  const { tensors, metadata } = readSafetensors(write(), FILE_NAME)
  const kept = [...tensors].map(([name, stored]): TensorToWrite => ({
    name: names(name),
    dtype: 'F32',
    shape: stored.shape,
    values: toFloat32(stored),
  }))
  const added = extra.map((name): TensorToWrite => ({
    name,
    dtype: 'F32',
    shape: [2],
    values: new Float32Array(2),
  }))
  return writeSafetensors([...kept, ...added], metadata)
}

describe('names as training scripts save them are read', () => {
  test.each([
    ['DataParallel’s', 'module.'],
    ['torch.compile’s', '_orig_mod.'],
    ['both', 'module._orig_mod.'],
    ['Lightning’s', 'model.'],
    ['a wrapper’s of one’s own', 'net.backbone.'],
  ])('%s prefix before each name', (_whose, prefix) => {
    expect(
      readWeights(
        fileOf((name) => prefix + name),
        CONFIG,
        FILE_NAME,
      ),
    ).toEqual(noiseFor(GRAPH))
  })

  test('as this lab writes them for DataParallel', () => {
    const weights = { state: { ...noiseFor(GRAPH), steps: STEPS }, config: CONFIG, metrics: [] }
    const file = writeWeights({ ...weights, naming: 'akamaster', modulePrefix: true })
    const { tensors } = readSafetensors(file, FILE_NAME)
    expect([...tensors.keys()].every((name) => name.startsWith('module.'))).toBe(true)
    expect(tensors.get('module.bn1.num_batches_tracked')?.dtype).toBe('I64')
    expect(readWeights(file, CONFIG, FILE_NAME)).toEqual(noiseFor(GRAPH))
  })

  test('a wrapper around a part of the network', () => {
    const file = fileOf((name) => name.replace(/^layer(\d)\./, 'layer$1._orig_mod.'))
    expect(readWeights(file, CONFIG, FILE_NAME)).toEqual(noiseFor(GRAPH))
  })

  test('the count of averaged steps that AveragedModel keeps beside them', () => {
    const file = fileOf((name) => `module.${name}`, ['n_averaged'])
    expect(readWeights(file, CONFIG, FILE_NAME)).toEqual(noiseFor(GRAPH))
  })

  test.each([/^downsample/, /^resLayer\d\.0\.downsample/])(
    'a shared module under one of its two names, the one of %s left out',
    (leftOut) => {
      const found = findPreset('iavicenna-14')
      if (!found) throw new Error('no preset iavicenna-14')
      const config: RunConfig = { ...found.config, network: withWidth(found.config.network, 2) }
      const state = { ...noiseFor(buildGraph(config)), steps: STEPS }
      const whole = readSafetensors(
        writeWeights({ state, config, naming: 'iavicenna', metrics: [] }),
        FILE_NAME,
      )
      const kept = [...whole.tensors]
        .filter(([name]) => !leftOut.test(name))
        .map(([name, stored]): TensorToWrite => ({
          name: `module.${name}`,
          dtype: 'F32',
          shape: stored.shape,
          values: toFloat32(stored),
        }))
      expect(kept.length).toBeLessThan(whole.tensors.size)
      const { parameters, statistics } = state
      expect(readWeights(writeSafetensors(kept, {}), config, FILE_NAME)).toEqual({ parameters, statistics })
    },
  )
})

describe('what is in the way is named', () => {
  const said = (file: Uint8Array, config: Parameters<typeof readWeights>[1] = CONFIG) =>
    refusal('weights-mismatch', () => readWeights(file, config, FILE_NAME))

  test.each([
    ['the optimiser’s state', ['optimizer.state.0.exp_avg', 'optimizer.state.1.exp_avg']],
    ['momentum', ['state.0.momentum_buffer', 'state.1.momentum_buffer']],
  ])('%s', (_what, extra) => {
    const sentence = said(fileOf((name) => `model.${name}`, extra))
    expect(sentence).toMatch(
      /^net\.safetensors has an optimiser’s state \(\S+ \(and 1 more\)\) beside the expected network .* Save the network’s own state_dict alone/,
    )
  })

  test('an extra head, under the name that it has in the file', () => {
    expect(said(fileOf((name) => `module.${name}`, ['module.aux_head.weight']))).toMatch(
      /^net\.safetensors has the tensor module\.aux_head\.weight of shape \[2\], which is no part of .* Save the network’s own/,
    )
  })

  test('another model beside the network', () => {
    const sentence = said(fileOf((name) => `model.${name}`, ['ema_model.conv1.weight']))
    expect(sentence).toContain('has the tensor ema_model.conv1.weight of shape [2], which is no part of')
  })

  test('another number of classes', () => {
    expect(said(write(), trained(NETWORK, 'cifar100'))).toContain(
      'It was trained for 10 classes: choose a data set that has as many',
    )
  })

  test('names of nobody’s code', () => {
    const sentence = said(fileOf((name) => `x${name.replaceAll('.', '/')}`))
    expect(sentence).toMatch(/lacks the tensor conv1\.weight .* It has \d+ tensors of other names \(x/)
  })

  test('a checkpoint of this lab', () => {
    const file = writeSafetensors([], { format: 'residual-lab-checkpoint' })
    expect(refusal('weights-malformed', () => readWeights(file, CONFIG, FILE_NAME))).toContain(
      'is a checkpoint of this lab, which holds the optimiser’s state too. Give the weights.safetensors',
    )
  })
})

test('a truncated file is refused before its tensors are looked for', () => {
  const file = write()
  for (const length of [0, 7, 8, 100, file.length - 4000, file.length - 1]) {
    const sentence = refusal('weights-malformed', () =>
      readWeights(file.subarray(0, length), CONFIG, FILE_NAME),
    )
    expect(sentence).toContain(FILE_NAME)
  }
})

test('a file’s name tells one run of a pair from the other', () => {
  expect(runFileName(preset.config, 64_000)).toBe('akamaster-20-identity-cifar10-seed1-step64000')
  const plain = { ...preset.config, network: { ...preset.config.network, identity: false } }
  expect(runFileName(plain, 5)).toBe('akamaster-20-no-identity-cifar10-seed1-step5')
})

/** A published file: set AKAMASTER_WEIGHTS to akamaster's resnet20 converted to safetensors. */
const published = process.env['AKAMASTER_WEIGHTS']
test.skipIf(!published)('akamaster’s published ResNet-20 fits the preset’s graph', async () => {
  const file = await readFile(published ?? '')
  const { parameters } = readWeights(file, preset.config, 'resnet20.safetensors')
  expect(Object.values(parameters).reduce((total, values) => total + values.length, 0)).toBe(269_722)
  expect(readWeightsConfig(file, 'resnet20.safetensors')).toBe(null)
})
