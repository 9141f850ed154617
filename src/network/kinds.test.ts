// What every registered kind of shortcut and of block owes to the rest of the lab, each with each.
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { carriedOver, type Kind } from '../base/kinds.ts'
import { namesIn, OWN_NAMING } from './rename-parameters.ts'
import { networkScript } from '../transfer/pytorch/network-script.ts'
import { everyArchitecture } from '../testing/network/every-architecture.ts'
import { describeKind } from '../testing/suites/kind-suite.ts'
import { scriptParameters } from '../testing/transfer/script-parameters.ts'
import { BLOCKS, blockSchema } from './blocks/index.ts'
import { formatNetwork, weightLayers } from './format-network.ts'
import { networkFacts } from './network-facts.ts'
import { networkConfigSchema } from './network-config.ts'
import { buildResidualNetwork } from './residual-network.ts'
import { shortcutKind, SHORTCUTS, shortcutSchema } from './shortcuts/index.ts'

const CLASSES = 10

function describeNetworkKind<Config extends { readonly kind: string }>(
  kind: Kind<string, Config>,
  schema: z.ZodType<Config>,
) {
  const { defaults } = kind
  describeKind(kind, defaults, schema)

  test('has a note, and no fields of another kind', () => {
    expect(kind.note).toBeTruthy()
    expect(carriedOver(kind, { kind: 'another', fieldOfAnother: 1 })).toEqual(defaults)
    expect(schema.safeParse({ ...defaults, fieldOfAnother: 1 }).success).toBe(false)
  })
}

describe.each(BLOCKS)('$kind', (block) => {
  describeNetworkKind(block, blockSchema)
})
describe.each(SHORTCUTS)('$kind', (shortcut) => {
  describeNetworkKind(shortcut, shortcutSchema)
})

test('a field that two kinds have keeps its value from one to the other', () => {
  const padded = { kind: 'subsample-pad', padding: 'end' } as const
  expect(carriedOver(shortcutKind({ kind: 'avgpool-pad' }), padded)).toEqual({
    kind: 'avgpool-pad',
    padding: 'end',
  })
})

test('no two kinds have a name or a label in common', () => {
  for (const kinds of [BLOCKS, SHORTCUTS]) {
    expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(kinds.length)
    expect(new Set(kinds.map(({ label }) => label)).size).toBe(kinds.length)
  }
})

const ARCHITECTURES = [true, false].flatMap((identity) => everyArchitecture({ identity }))

describe.each(ARCHITECTURES)('$title', ({ network }) => {
  const graph = buildResidualNetwork(network, CLASSES)
  const blocks = network.stages.reduce((sum, stage) => sum + stage.blocks, 0)

  test('builds, and every addition joins equal shapes', () => {
    const additions = graph.nodes.filter(({ op }) => op === 'add')
    expect(additions).toHaveLength(network.identity ? blocks : 0)
    for (const { inputs } of additions) {
      const [residual, shortcut] = inputs.map((id) => graph.nodes[id]?.shape)
      expect(shortcut).toEqual(residual)
    }
  })

  test('is as deep as its name says', () => {
    expect(networkFacts(graph).depth).toBe(weightLayers(network))
    expect(formatNetwork(network)).toContain(`ResNet-${weightLayers(network)}`)
  })

  test('has the parameters that its PyTorch source makes', () => {
    const names = namesIn(OWN_NAMING, network)
    const found = scriptParameters(networkScript(network, CLASSES, OWN_NAMING))
    const expected = graph.parameters.map(({ name, shape }) => [names(name)[0], shape] as const)
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
  })

  test('its config is the same after a journey as JSON', () => {
    expect(networkConfigSchema.parse(JSON.parse(JSON.stringify(network)))).toEqual(network)
  })
})
