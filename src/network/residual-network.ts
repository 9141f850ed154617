// Every network of this lab: a 3×3 stem, stages of blocks, a pool, one linear layer.
// Parameters are named as in akamaster/pytorch_resnet_cifar10; other authors' names are made on the way out.
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../base/data-set.ts'
import type { NetworkConfig } from './network-config.ts'
import { BLOCK_EXPANSION } from './network-config.ts'
import type { Graph, Initialiser, NodeId } from './graph.ts'
import { type Conventions, createGraphBuilder, type Fans, type GraphBuilder } from './graph-builder.ts'

const IMAGE = { height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS }

export function buildResidualNetwork(config: NetworkConfig, classes: number): Graph {
  const { stem, stages, head, initialisation } = config
  const builder = createGraphBuilder(IMAGE, conventionsOf(initialisation))
  const bias = config.convolutionBias === 'all'
  let at = builder.conv2d(builder.input, 'conv1', stem.channels, 3, 1, { bias })
  at = normalised(builder, at, 'bn1')
  if (stem.dropout > 0) at = builder.dropout2d(at, stem.dropout)
  for (const [stage, { blocks, channels }] of stages.entries()) {
    for (let i = 0; i < blocks; i++) {
      const name = `layer${stage + 1}.${i}`
      at = block({
        builder,
        config,
        from: at,
        name,
        channels,
        stride: i === 0 && stage > 0 ? 2 : 1,
        first: i === 0,
      })
    }
  }
  const features = head.pool === 'average' ? builder.globalAvgPool(at) : builder.maxPool4(at)
  const init: { init?: Conventions['weight'] } =
    initialisation.linear === 'uniform'
      ? { init: (fan) => ({ kind: 'uniform', bound: 1 / Math.sqrt(fan.in) }) }
      : {}
  return builder.finish(builder.dense(features, 'linear', classes, { bias: head.bias, ...init }))
}

function conventionsOf({ weights, scale, runningVariance }: NetworkConfig['initialisation']): Conventions {
  const kinds: Record<typeof weights, (fan: Fans) => Initialiser> = {
    'kaiming-normal-fan-in': (fan) => ({ kind: 'kaiming-normal', fan: fan.in }),
    'kaiming-normal-fan-out': (fan) => ({ kind: 'kaiming-normal', fan: fan.out }),
    'kaiming-uniform-fan-in': (fan) => ({ kind: 'kaiming-uniform', fan: fan.in }),
  }
  return {
    weight: kinds[weights],
    scale: scale === 'normal' ? { kind: 'normal', mean: 1, deviation: 0.02 } : { kind: 'constant', value: 1 },
    runningVariance,
  }
}

type BlockContext = {
  readonly builder: GraphBuilder
  readonly config: NetworkConfig
  readonly from: NodeId
  readonly name: string
  /** Of the stage. */
  readonly channels: number
  readonly stride: 1 | 2
  /** Whether this is its stage's first block. */
  readonly first: boolean
}

function block(context: BlockContext): NodeId {
  const { kind } = context.config.block
  if (kind === 'transition') return context.first ? transition(context) : preActivated(context)
  const { builder, config } = context
  const sum = withShortcut(context, kind === 'basic' ? basic(context) : bottleneck(context))
  return config.block.kind !== 'transition' && config.block.reluAfterAdd ? builder.relu(sum) : sum
}

/** conv – BN – ReLU – conv – BN */
function basic({ builder, config, from, name, channels, stride }: BlockContext): NodeId {
  const bias = config.convolutionBias === 'all'
  let at = builder.conv2d(from, `${name}.conv1`, channels, 3, stride, { bias })
  at = builder.conv2d(normalised(builder, at, `${name}.bn1`), `${name}.conv2`, channels, 3, 1, { bias })
  return builder.batchNorm(at, `${name}.bn2`)
}

/** 1×1 – BN – ReLU – 3×3 – BN – ReLU – 1×1 – BN (arXiv:1512.03385, figure 5) */
function bottleneck({ builder, config, from, name, channels, stride }: BlockContext): NodeId {
  const wide = { bias: config.convolutionBias === 'all' }
  const narrow = { bias: config.convolutionBias !== 'none' }
  const out = channels * BLOCK_EXPANSION.bottleneck
  let at = builder.conv2d(from, `${name}.conv1`, channels, 1, 1, narrow)
  at = builder.conv2d(normalised(builder, at, `${name}.bn1`), `${name}.conv2`, channels, 3, stride, wide)
  at = builder.conv2d(normalised(builder, at, `${name}.bn2`), `${name}.conv3`, out, 1, 1, narrow)
  return builder.batchNorm(at, `${name}.bn3`)
}

/** conv – BN – ReLU – conv, plus the shortcut. */
function transition(context: BlockContext): NodeId {
  const { builder, config, from, name, channels, stride } = context
  const bias = config.convolutionBias === 'all'
  let at = builder.conv2d(from, `${name}.conv1`, channels, 3, stride, { bias })
  at = builder.conv2d(normalised(builder, at, `${name}.bn1`), `${name}.conv2`, channels, 3, 1, { bias })
  return withShortcut(context, at)
}

/** BN – ReLU – conv – BN – ReLU – conv, plus the input, BN – ReLU. */
function preActivated(context: BlockContext): NodeId {
  const { builder, config, from, name, channels } = context
  const bias = config.convolutionBias === 'all'
  let at = builder.conv2d(normalised(builder, from, `${name}.bn1`), `${name}.conv1`, channels, 3, 1, { bias })
  at = builder.conv2d(normalised(builder, at, `${name}.bn2`), `${name}.conv2`, channels, 3, 1, { bias })
  return normalised(builder, withShortcut(context, at), `${name}.bn3`)
}

function normalised(builder: GraphBuilder, from: NodeId, name: string): NodeId {
  return builder.relu(builder.batchNorm(from, name))
}

/** Without identity the addition is left out. */
function withShortcut(context: BlockContext, residual: NodeId): NodeId {
  return context.config.identity ? context.builder.add(residual, shortcut(context, residual)) : residual
}

function shortcut({ builder, config, from, name, stride, first }: BlockContext, residual: NodeId): NodeId {
  const { channels } = builder.shapeOf(residual)
  const missing = channels - builder.shapeOf(from).channels
  const changes = stride === 2 || missing !== 0
  // A transition has its shortcut’s convolution even where the shape stays.
  const convolves = changes || (first && config.block.kind === 'transition')
  const { shortcut: kind } = config
  switch (kind.kind) {
    case 'subsample-pad':
    case 'avgpool-pad': {
      const halved = () => (kind.kind === 'subsample-pad' ? builder.subsample2(from) : builder.avgPool2(from))
      const pixels = stride === 2 ? halved() : from
      const before = kind.padding === 'centre' ? Math.floor(missing / 2) : 0
      return missing === 0 ? pixels : builder.padChannels(pixels, before, missing - before)
    }
    case 'conv1x1':
      return convolves ? builder.conv2d(from, `${name}.shortcut.0`, channels, 1, stride) : from
    case 'conv1x1-bn':
    case 'conv3x3-bn': {
      if (!convolves) return from
      const kernel = kind.kind === 'conv1x1-bn' ? 1 : 3
      const at = builder.conv2d(from, `${name}.shortcut.0`, channels, kernel, stride)
      return builder.batchNorm(at, `${name}.shortcut.1`)
    }
    default:
      return kind satisfies never
  }
}
