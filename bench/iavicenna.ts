// The networks of iavicenna/Residual-Network-Pytorch for CIFAR-10: a transition block and then extra blocks a stage.
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../src/contract/data-set.ts'
import type { Graph, NodeId } from '../src/network/graph.ts'
import { createGraphBuilder, type GraphBuilder } from '../src/network/graph-builder.ts'

/**
 * @param width channels of the stem; the stages have 2, 4 and 8 times as many
 * @param extra blocks of each stage after its transition
 */
export function buildIavicenna(
  width: number,
  extra: readonly [number, number, number],
  classes: number,
): Graph {
  const image = { height: IMAGE_SIDE, width: IMAGE_SIDE, channels: IMAGE_CHANNELS }
  const builder = createGraphBuilder(image, { weight: (fan) => ({ kind: 'kaiming-normal', fan: fan.out }) })
  let at = builder.conv2d(builder.input, 'conv1', width, 3, 1)
  at = normalised(builder, at, 'batchNorm1')
  for (const [stage, blocks] of extra.entries()) {
    const name = `resLayer${stage + 1}`
    at = transition(builder, at, `${name}.0`, width * 2 ** (stage + 1), stage === 0 ? 1 : 2)
    for (let block = 1; block <= blocks; block++) at = extraBlock(builder, at, `${name}.${block}`)
  }
  const features = builder.globalAvgPool(at)
  return builder.finish(builder.dense(features, 'full1', classes))
}

/** conv – BN – ReLU – conv, plus a 1×1 convolution of the input. */
function transition(builder: GraphBuilder, from: NodeId, name: string, width: number, stride: 1 | 2): NodeId {
  let at = builder.conv2d(from, `${name}.conv1`, width, 3, stride)
  at = normalised(builder, at, `${name}.batchNorm1`)
  at = builder.conv2d(at, `${name}.conv2`, width, 3, 1)
  return builder.add(at, builder.conv2d(from, `${name}.downsample`, width, 1, stride))
}

/** BN – ReLU – conv – BN – ReLU – conv, plus the input, BN – ReLU. */
function extraBlock(builder: GraphBuilder, from: NodeId, name: string): NodeId {
  const width = builder.shapeOf(from).channels
  let at = builder.conv2d(normalised(builder, from, `${name}.batchNorm1`), `${name}.conv1`, width, 3, 1)
  at = builder.conv2d(normalised(builder, at, `${name}.batchNorm2`), `${name}.conv2`, width, 3, 1)
  return normalised(builder, builder.add(at, from), `${name}.batchNorm3`)
}

function normalised(builder: GraphBuilder, from: NodeId, name: string): NodeId {
  return builder.relu(builder.batchNorm(from, name))
}
