// The networks that scripts/parity measures in PyTorch, built here, with what it measured.
import type { NetworkConfig } from '../../network/network-config.ts'
import { carriedOver } from '../../base/kinds.ts'
import { SHORTCUTS } from '../../network/shortcuts/index.ts'
import type { Graph, NodeId } from '../../network/graph.ts'
import { createGraphBuilder, type GraphBuilder } from '../../network/graph-builder.ts'
import { buildResidualNetwork } from '../../network/residual-network.ts'
import { type HeNetwork, heNetwork as heConfig } from '../../presets/he.ts'
import blocks from '../fixtures/blocks.json' with { type: 'json' }
import fixture from '../fixtures/networks.json' with { type: 'json' }

export const CLASSES = 10

/** PyTorch's values; tensors as base64 by name. */
type Measured = {
  readonly names: readonly string[]
  readonly evaluationLogits: string
  readonly correct: number
  readonly loss: { readonly plain: number; readonly smoothed: number }
  readonly gradients: object
  readonly training: {
    readonly losses: readonly number[]
    readonly parameters: object
    readonly statistics: object
    readonly momentum: object
    readonly evaluationLogits: string
  }
}

export type ParityNetwork = { readonly title: string; readonly graph: Graph; readonly measured: Measured }

export const HE_NETWORKS: readonly ParityNetwork[] = fixture.networks.map((measured) => {
  const { identity, shortcut, padding } = measured.variant
  return {
    title: identity
      ? `ResNet-8 of width 4 with ${shortcut} (${padding})`
      : 'ResNet-8 of width 4 without identity',
    graph: heNetwork({ identity, shortcut: shortcutOf(measured.variant) }),
    measured,
  }
})

export const BLOCK_NETWORKS: readonly ParityNetwork[] = blocks.networks.map((measured) => ({
  title: `the network of ${measured.name}`,
  graph: blockNetwork(measured.name),
  measured,
}))

/** A ResNet-8 of the fixture's width, but for `changes`. */
export function heNetwork(changes: Omit<HeNetwork, 'n'> = {}): Graph {
  return buildResidualNetwork(heConfig({ n: 1, width: fixture.width, ...changes }), CLASSES)
}

/** As the fixture says it: a shortcut's kind, and of the other fields those that the kind has. */
function shortcutOf({ shortcut, ...fields }: { readonly shortcut: string }): NetworkConfig['shortcut'] {
  const known = SHORTCUTS.find(({ kind }) => kind === shortcut)
  if (!known) throw new Error(`the fixture has a shortcut ${shortcut}, which nobody builds here`)
  return carriedOver(known, fields)
}

/** As scripts/parity/blocks.py builds it. */
export function blockNetwork(name: string): Graph {
  const builder = createGraphBuilder({ height: 32, width: 32, channels: 3 })
  switch (name) {
    case 'bottleneck':
      return bottleneckNetwork(builder)
    case 'projection':
      return projectionNetwork(builder)
    case 'pools':
      return poolNetwork(builder)
    default:
      throw new Error(`the fixture has a network ${name}, which nobody builds here`)
  }
}

function convBnRelu(
  builder: GraphBuilder,
  from: NodeId,
  conv: string,
  norm: string,
  out: number,
  stride: 1 | 2,
) {
  return builder.relu(builder.batchNorm(builder.conv2d(from, conv, out, 3, stride), norm))
}

function bottleneckNetwork(builder: GraphBuilder): Graph {
  const biased = { bias: true }
  const block = (from: NodeId, name: string, width: number, stride: 1 | 2) => {
    let at = builder.conv2d(from, `${name}.conv1`, width, 1, 1, biased)
    at = builder.relu(builder.batchNorm(at, `${name}.bn1`))
    at = convBnRelu(builder, at, `${name}.conv2`, `${name}.bn2`, width, stride)
    at = builder.conv2d(at, `${name}.conv3`, 4 * width, 1, 1, biased)
    at = builder.batchNorm(at, `${name}.bn3`)
    const missing = 4 * width - builder.shapeOf(from).channels
    const shortcut = builder.padChannels(stride === 2 ? builder.avgPool2(from) : from, 0, missing)
    return builder.relu(builder.add(at, shortcut))
  }
  let at = convBnRelu(builder, builder.input, 'conv1', 'bn1', 4, 1)
  at = block(block(at, 'layer1', 2, 1), 'layer2', 3, 2)
  return builder.finish(builder.dense(builder.globalAvgPool(at), 'fc', CLASSES, { bias: false }))
}

function projectionNetwork(builder: GraphBuilder): Graph {
  const transition = (from: NodeId, name: string, width: number) => {
    const at = convBnRelu(builder, from, `${name}.conv1`, `${name}.bn1`, width, 2)
    const main = builder.conv2d(at, `${name}.conv2`, width, 3, 1)
    return builder.add(main, builder.conv2d(from, `${name}.downsample`, width, 1, 2))
  }
  const extra = (from: NodeId, name: string) => {
    const { channels } = builder.shapeOf(from)
    let at = builder.relu(builder.batchNorm(from, `${name}.bn1`))
    at = builder.conv2d(at, `${name}.conv1`, channels, 3, 1)
    at = builder.relu(builder.batchNorm(at, `${name}.bn2`))
    at = builder.add(from, builder.conv2d(at, `${name}.conv2`, channels, 3, 1))
    return builder.relu(builder.batchNorm(at, `${name}.bn3`))
  }
  const linear = (from: NodeId, name: string, width: number, stride: 1 | 2) => {
    let at = convBnRelu(builder, from, `${name}.conv1`, `${name}.bn1`, width, stride)
    at = builder.batchNorm(builder.conv2d(at, `${name}.conv2`, width, 3, 1), `${name}.bn2`)
    if (stride === 1) return builder.add(at, from)
    const projected = builder.conv2d(from, `${name}.downsample.0`, width, 3, stride)
    return builder.add(at, builder.batchNorm(projected, `${name}.downsample.1`))
  }
  const stem = convBnRelu(builder, builder.input, 'conv1', 'bn1', 4, 1)
  const at = linear(extra(transition(stem, 'transition', 6), 'extra'), 'linear1', 8, 2)
  return builder.finish(builder.dense(builder.globalAvgPool(linear(at, 'linear2', 8, 1)), 'fc', CLASSES))
}

function poolNetwork(builder: GraphBuilder): Graph {
  const biased = { bias: true }
  const stem = builder.relu(builder.conv2d(builder.input, 'conv1', 6, 3, 2, biased))
  const dropped = builder.dropout2d(stem, 0.25)
  let at = builder.batchNorm(builder.conv2d(dropped, 'conv2', 9, 3, 2, biased), 'bn2')
  at = builder.relu(builder.add(at, builder.padChannels(builder.avgPool2(dropped), 1, 2)))
  at = builder.conv2d(builder.avgPool2(at), 'conv3', 9, 3, 1, biased)
  at = builder.maxPool4(builder.dropout2d(at, 0.1))
  return builder.finish(builder.dense(at, 'fc', CLASSES, { bias: false }))
}
