// Every preset's export against the state_dict of the author's network as scripts/parity/systems.py defines it: the
// names, types and shapes that load_state_dict(strict=True) asks for, by their digest.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../config/run-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import { elements } from '../network/network-facts.ts'
import { preferredNaming, PRESETS } from '../presets/presets.ts'
import fixture from '../testing/fixtures/state-dicts.json' with { type: 'json' }
import { readSafetensors } from './safetensors.ts'
import { writeWeights } from './weights-file.ts'

const TYPES: Readonly<Record<string, string>> = { F32: 'float32', I64: 'int64' }

function entriesOf(config: RunConfig): string[] {
  const { parameters, statistics } = buildGraph(config)
  const zeros = (list: readonly { name: string; shape: readonly number[] }[]) =>
    Object.fromEntries(list.map(({ name, shape }) => [name, new Float32Array(elements(shape))]))
  const file = writeWeights({
    state: { parameters: zeros(parameters), statistics: zeros(statistics), steps: 0 },
    config,
    naming: preferredNaming(config),
    metrics: [],
  })
  const { tensors } = readSafetensors(file, 'weights')
  return [...tensors]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { dtype, shape }]) => `${name} ${TYPES[dtype]} [${shape.join(', ')}]\n`)
}

test('PyTorch’s side knows the same presets', () => {
  expect(Object.keys(fixture).toSorted()).toEqual(PRESETS.map(({ id }) => id).toSorted())
})

describe.each(PRESETS)('$id', ({ id, config }) => {
  const published = new Map(Object.entries(fixture)).get(id)

  test.each([true, false])('with identity: %o, has the entries of PyTorch’s state_dict', (identity) => {
    const entries = entriesOf({ ...config, network: { ...config.network, identity } })
    const sha256 = createHash('sha256').update(entries.join('')).digest('hex')
    expect({ entries: entries.length, sha256 }).toEqual(identity ? published?.with : published?.without)
  })
})
