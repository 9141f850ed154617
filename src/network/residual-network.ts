// Every network of this lab: a 3×3 stem, stages of blocks, a pool, one linear layer.
// Parameters are named as in akamaster/pytorch_resnet_cifar10; other authors' names are made on the way out.
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../base/data-set.ts'
import type { NetworkConfig } from './network-config.ts'
import { blockKind } from './blocks/index.ts'
import type { BlockStep } from './blocks/define-block.ts'
import { shortcutKind } from './shortcuts/index.ts'
import type { Graph, Initialiser, NodeId } from './graph.ts'
import { type Conventions, createGraphBuilder, type Fans, type GraphBuilder } from './graph-builder.ts'

const IMAGE = { height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS }

export function buildResidualNetwork(config: NetworkConfig, classes: number): Graph {
  const { stem, stages, head, initialisation } = config
  const builder = createGraphBuilder(IMAGE, conventionsOf(initialisation))
  const bias = hasBias(config, 3)
  let at = builder.conv2d(builder.input, 'conv1', stem.channels, 3, 1, { bias })
  at = builder.relu(builder.batchNorm(at, 'bn1'))
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
  const uniform: Conventions['weight'] = (fan) => ({ kind: 'uniform', bound: 1 / Math.sqrt(fan.in) })
  return builder.finish(
    builder.dense(features, 'linear', classes, {
      bias: head.bias,
      ...(initialisation.linear === 'uniform' ? { init: uniform } : {}),
      ...(initialisation.linearBias === 'uniform' ? { biasInit: uniform } : {}),
    }),
  )
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
  const { config, first } = context
  const kind = blockKind(config.block)
  const steps = (first && kind.first) || kind.steps(config.block)
  return steps.reduce((at, step) => taken(context, at, step), context.from)
}

function taken(context: BlockContext, at: NodeId, step: BlockStep): NodeId {
  const { builder, config, name, stride } = context
  switch (step.layer) {
    case 'conv': {
      const channels = context.channels * (step.expands ? blockKind(config.block).expansion : 1)
      const bias = hasBias(config, step.kernel)
      return builder.conv2d(at, `${name}.${step.name}`, channels, step.kernel, step.strided ? stride : 1, {
        bias,
      })
    }
    case 'norm': {
      const normalised = builder.batchNorm(at, `${name}.${step.name}`)
      return step.tracksOnly ? at : normalised
    }
    case 'relu':
      return builder.relu(at)
    case 'add':
      return config.identity ? builder.add(at, shortcut(context, at)) : at
    default:
      return step satisfies never
  }
}

export function hasBias({ convolutionBias }: Pick<NetworkConfig, 'convolutionBias'>, kernel: 1 | 3): boolean {
  return convolutionBias === 'all' || (convolutionBias === '1x1' && kernel === 1)
}

function shortcut({ builder, config, from, name, stride, first }: BlockContext, residual: NodeId): NodeId {
  const { channels } = builder.shapeOf(residual)
  const changes = stride === 2 || channels !== builder.shapeOf(from).channels
  const kind = shortcutKind(config.shortcut)
  if ('build' in kind) {
    return changes || kind.everywhere
      ? kind.build({ builder, from, channels, stride }, config.shortcut)
      : from
  }
  const isOther = first && blockKind(config.block).first !== undefined
  if (!changes && !isOther) return from
  return kind.modules.reduce((at, module, i) => {
    const place = `${name}.shortcut.${i}`
    return module.layer === 'norm'
      ? builder.batchNorm(at, place)
      : builder.conv2d(at, place, channels, module.kernel, stride)
  }, from)
}
