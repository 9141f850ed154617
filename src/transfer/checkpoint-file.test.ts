import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../config/run-config.ts'
import { noise } from '../testing/suites/parity.ts'
import { buildGraph } from '../network/build-graph.ts'
import { PRESETS } from '../presets/presets.ts'
import { heNetwork } from '../presets/he.ts'
import { type Checkpoint, firstCheckpoint } from '../training/checkpoint.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts'
import { readSafetensors, type TensorToWrite, toFloat32, writeSafetensors } from './safetensors.ts'

const [preset] = PRESETS
if (!preset) throw new Error('there is no preset')
const CONFIG: RunConfig = {
  ...preset.config,
  network: heNetwork({ n: 1, width: 2 }),
  seed: 2 ** 53 - 1,
}
const FILE_NAME = 'checkpoint.safetensors'

/** After two steps; numbers that no short decimal stands for. */
function checkpoint(): Checkpoint {
  const first = firstCheckpoint(CONFIG)
  const momentum = Object.fromEntries(
    buildGraph(CONFIG).parameters.map(({ name, shape }, i) => [name, noise(i, shape)]),
  )
  return {
    ...first,
    state: { ...first.state, slots: { momentum }, steps: 2 },
    points: [1, 2].map((step) => ({
      step,
      loss: Math.fround(2.3 / step),
      accuracy: 1 / 3,
      learningRate: 0.1,
    })),
    epochs: [
      {
        epoch: 1,
        step: 2,
        train: { loss: 0.1 + 0.2, accuracy: 2 / 3 },
        validation: null,
        test: { loss: 1, accuracy: 0.5, correct: 2, total: 4 },
      },
    ],
    epochSums: { loss: 0.1 + 0.7, correct: 3, images: 8 },
    engines: [
      { engine: 'webgpu', fromStep: 0 },
      { engine: 'cpu', fromStep: 1 },
    ],
  }
}

type Changes = {
  readonly metadata?: Record<string, string>
  readonly tensor?: (tensor: TensorToWrite) => TensorToWrite | null
}

/** The checkpoint's file with something else in it. */
function changed({ metadata = {}, tensor = (same) => same }: Changes): Uint8Array {
  const file = readSafetensors(writeCheckpoint(checkpoint()), FILE_NAME)
  const tensors = [...file.tensors].map(([name, stored]) =>
    tensor({ name, dtype: 'F32', shape: stored.shape, values: toFloat32(stored) }),
  )
  return writeSafetensors(
    tensors.filter((kept) => kept !== null),
    { ...file.metadata, ...metadata },
  )
}

const recordOf = (changes: object) => {
  const { record = '' } = readSafetensors(writeCheckpoint(checkpoint()), FILE_NAME).metadata
  return JSON.stringify({ ...JSON.parse(record), ...changes })
}

test('a checkpoint written and read is the same bits', () => {
  expect(readCheckpoint(writeCheckpoint(checkpoint()), FILE_NAME)).toEqual(checkpoint())
})

test('a checkpoint before the first step has no slots', () => {
  const first = firstCheckpoint(CONFIG)
  expect(readCheckpoint(writeCheckpoint(first), FILE_NAME)).toEqual(first)
})

test('a checkpoint whose config is of version 1 is read as today’s', () => {
  const network = {
    family: 'he',
    n: 1,
    width: 2,
    shortcut: 'subsample-pad',
    padding: 'centre',
    identity: true,
  }
  const record = recordOf({ config: { ...CONFIG, version: 1, network } })
  expect(readCheckpoint(changed({ metadata: { record } }), FILE_NAME)).toEqual(checkpoint())
})

test('a checkpoint of before engines were noted names none', () => {
  const record = recordOf({ engines: undefined })
  expect(record).not.toContain('engines')
  expect(readCheckpoint(changed({ metadata: { record } }), FILE_NAME)).toEqual({
    ...checkpoint(),
    engines: [],
  })
})

describe('refused with a sentence that names the file is one', () => {
  const cut = writeCheckpoint(checkpoint()).slice(0, -1)
  const metrics = (count: number) => recordOf({ points: checkpoint().points.slice(0, count) })
  const without = (name: string) => (tensor: TensorToWrite) => (tensor.name === name ? null : tensor)
  const first = (change: (tensor: TensorToWrite) => TensorToWrite) => {
    return (tensor: TensorToWrite) => (tensor.name === 'parameters/conv1.weight' ? change(tensor) : tensor)
  }
  test.each<[string, Uint8Array, RegExp]>([
    ['that is empty', new Uint8Array(), /it is empty/],
    ['cut off at the last byte', cut, /ends at byte/],
    ['of another format', changed({ metadata: { format: 'pt' } }), /its format is pt/],
    ['of another version', changed({ metadata: { version: '2' } }), /version 2 of the format/],
    ['without a record', changed({ metadata: { record: '' } }), /record is not valid at the whole/],
    ['with a wrong config', changed({ metadata: { record: recordOf({ config: {} }) } }), /at config\./],
    [
      'with too few metrics',
      changed({ metadata: { record: metrics(1) } }),
      /step 2 and has metrics of 1 steps/,
    ],
    ['without a list of slots', changed({ metadata: { slots: '' } }), /does not list the optimiser/],
    ['whose slots are not listed', changed({ metadata: { slots: '[]' } }), /has \d+ tensors/],
    [
      'without a weight',
      changed({ tensor: without('parameters/conv1.weight') }),
      /lacks the tensor parameters.conv1/,
    ],
    [
      'without a momentum',
      changed({ tensor: without('slots/momentum/conv1.weight') }),
      /lacks the tensor slots/,
    ],
    [
      'of another shape',
      changed({ tensor: first((tensor) => ({ ...tensor, shape: [54] })) }),
      /F32 \[54\], and F32 \[2, 3, 3, 3\] is wanted/,
    ],
    [
      'with a weight that is no number',
      changed({
        tensor: first(({ name, shape }) => ({
          name,
          dtype: 'F32',
          shape,
          values: new Float32Array(54).fill(Number.NaN),
        })),
      }),
      /conv1.weight has a value that is not finite/,
    ],
  ])('%s', (_, bytes, what) => {
    const read = () => readCheckpoint(bytes, FILE_NAME)
    expect(read).toThrow(what)
    expect(read).toThrow(/^checkpoint\.safetensors is not a whole checkpoint: /)
    expect(read).toThrow(expect.objectContaining({ code: 'checkpoint-unreadable' }))
  })
})
