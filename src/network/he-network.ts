// The CIFAR networks of "Deep Residual Learning for Image Recognition" (arXiv:1512.03385, section 4.2):
// a 3×3 stem, three stages of n blocks at 32², 16² and 8², global average pool, one linear layer.
// Parameter names are those of akamaster/pytorch_resnet_cifar10, whose published weights load as they are.
import type { NetworkConfig } from '../contract/network-config.ts'
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../contract/data-set.ts'
import type { Graph, NodeId } from './graph.ts'
import { createGraphBuilder, type GraphBuilder } from './graph-builder.ts'

const STAGES = [
  { name: 'layer1', widthFactor: 1, stride: 1 },
  { name: 'layer2', widthFactor: 2, stride: 2 },
  { name: 'layer3', widthFactor: 4, stride: 2 },
] as const

export function buildHeNetwork(config: NetworkConfig, classes: number): Graph {
  const builder = createGraphBuilder({ height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS })
  let at = builder.conv2d(builder.input, 'conv1', config.width, 3, 1)
  at = builder.relu(builder.batchNorm(at, 'bn1'))
  for (const { name, widthFactor, stride } of STAGES) {
    for (let i = 0; i < config.n; i++) {
      at = basicBlock(builder, config, at, `${name}.${i}`, config.width * widthFactor, i === 0 ? stride : 1)
    }
  }
  const features = builder.globalAvgPool(at)
  return builder.finish(builder.dense(features, 'linear', classes))
}

/** conv – BN – ReLU – conv – BN, add the shortcut, ReLU. Without identity the addition is left out. */
function basicBlock(
  builder: GraphBuilder,
  config: NetworkConfig,
  from: NodeId,
  name: string,
  width: number,
  stride: 1 | 2,
): NodeId {
  let at = builder.conv2d(from, `${name}.conv1`, width, 3, stride)
  at = builder.relu(builder.batchNorm(at, `${name}.bn1`))
  at = builder.conv2d(at, `${name}.conv2`, width, 3, 1)
  at = builder.batchNorm(at, `${name}.bn2`)
  if (config.identity)
    at = builder.add(at, shortcut(builder, config, from, `${name}.shortcut`, width, stride))
  return builder.relu(at)
}

function shortcut(
  builder: GraphBuilder,
  config: NetworkConfig,
  from: NodeId,
  name: string,
  width: number,
  stride: 1 | 2,
): NodeId {
  const missing = width - builder.shapeOf(from).channels
  if (stride === 1 && missing === 0) return from
  if (config.shortcut === 'conv1x1-bn') {
    return builder.batchNorm(builder.conv2d(from, `${name}.0`, width, 1, stride), `${name}.1`)
  }
  const before = config.padding === 'centre' ? Math.floor(missing / 2) : 0
  return builder.padChannels(stride === 2 ? builder.subsample2(from) : from, before, missing - before)
}
