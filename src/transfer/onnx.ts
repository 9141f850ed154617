// A trained network as ONNX (onnx/onnx.proto, IR version 8, operator set 17), for inference: batch norms have their
// running statistics, and dropouts are left out. Its input is images as the network was trained on: normalised, and
// whitened where the run's are, as the config in the metadata says.
import type { RunConfig } from '../config/run-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import { type Graph, type GraphNode, type NodeId, type Shape, usedNodes } from '../network/graph.ts'
import { unusedTensors } from '../network/network-facts.ts'
import { attrsOf, opOf, type WeightlessNode } from '../network/ops/index.ts'
import { bytesOf, joinBytes } from './join-bytes.ts'
import { attribute, ELEMENT, onnxNode, onnxTensor, onnxValue } from './onnx-messages.ts'
import { type Bytes, integer, message, text } from './protobuf.ts'
import type { Weights } from './weights-file.ts'

const IR_VERSION = 8
const OPERATOR_SET = 17
const BATCH = 'batch'

/** Input `images` [batch, 3, 32, 32] and output `logits` [batch, classes], float32; tensors in the Graph's own names. */
export function writeOnnx(state: Weights, config: RunConfig): Bytes {
  const graph = buildGraph(config)
  const [used, unused] = [usedNodes(graph), unusedTensors(graph)]
  const isUsed = ({ name }: { readonly name: string }) => !unused.has(name)
  const body = [
    ...graph.nodes.filter(({ id }) => used.has(id)).flatMap((node) => operatorsOf(node, graph)),
    text(2, 'residual-lab'),
    ...graph.parameters
      .filter(isUsed)
      .map(({ name, shape }) => weightsTensor(name, shape, state.parameters[name])),
    ...graph.statistics
      .filter(isUsed)
      .map(({ name, shape }) => weightsTensor(name, shape, state.statistics[name])),
    ...constantTensors(graph),
    message(11, [onnxValue(valueName(0, graph), [BATCH, ...sides(graph, 0)])]),
    message(12, [onnxValue(valueName(graph.output, graph), [BATCH, graph.classes])]),
  ]
  return joinBytes([
    integer(1, IR_VERSION),
    text(2, 'residual-lab'),
    message(7, body),
    message(8, [text(1, ''), integer(2, OPERATOR_SET)]),
    message(14, [text(1, 'config'), text(2, JSON.stringify(config))]),
  ])
}

function weightsTensor(name: string, shape: readonly number[], values: Float32Array | undefined): Bytes {
  if (!values) throw new Error(`the state lacks ${name}`)
  return message(5, [onnxTensor(name, ELEMENT.float, shape, bytesOf(values))])
}

/** What an operator takes as an input behind its node's own; nodes without attributes share theirs. */
function constantsOf(node: GraphNode) {
  const constants = isWeightless(node) ? opOf(node).onnx(attrsOf(node))?.constants : undefined
  const owner = 'attrs' in node ? `${node.op}${node.id}` : node.op
  return Object.entries(constants ?? {}).map(([name, { element, values }]) => ({
    name: `${owner}.${name}`,
    element,
    values,
  }))
}

function constantTensors({ nodes }: Graph): Bytes[] {
  const constants = new Map(nodes.flatMap(constantsOf).map((constant) => [constant.name, constant]))
  return [...constants.values()].map(({ name, element, values }) => {
    const typed = element === 'int64' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values)
    return message(5, [onnxTensor(name, ELEMENT[element], [values.length], bytesOf(typed))])
  })
}

function isWeightless(node: GraphNode): node is WeightlessNode {
  return node.op !== 'input' && 'onnx' in opOf(node)
}

/** A node's operators, in order; none where it does nothing to an image in inference. */
function operatorsOf(node: GraphNode, graph: Graph): Bytes[] {
  const inputs = node.inputs.map((id) => valueName(id, graph))
  const output = valueName(node.id, graph)
  const operator = (type: string, more: readonly string[] = [], attributes: readonly Bytes[] = []) => [
    message(1, [onnxNode(type, [...inputs, ...more], output, attributes)]),
  ]
  switch (node.op) {
    case 'input':
      return []
    case 'conv2d': {
      const { kernel, stride, weight, bias } = node.attrs
      const padding = (kernel - 1) / 2
      return operator('Conv', bias === null ? [weight] : [weight, bias], [
        attribute('kernel_shape', [kernel, kernel]),
        attribute('strides', [stride, stride]),
        attribute('pads', [padding, padding, padding, padding]),
      ])
    }
    case 'batchNorm': {
      const { scale, shift, mean, variance, epsilon } = node.attrs
      return operator('BatchNormalization', [scale, shift, mean, variance], [attribute('epsilon', epsilon)])
    }
    case 'dense':
      return linear(node, inputs[0] ?? '', output)
    default: {
      const known = opOf(node).onnx(attrsOf(node))
      if (known === null) return []
      const constants = constantsOf(node).map(({ name }) => name)
      const attributes = Object.entries(known.attributes ?? {})
      return operator(
        known.type,
        constants,
        attributes.map(([name, value]) => attribute(name, value)),
      )
    }
  }
}

/** A vector is an image of one pixel until here. */
function linear({ attrs }: Extract<GraphNode, { op: 'dense' }>, input: string, output: string): Bytes[] {
  const flat = `${output}.flat`
  const weights = attrs.bias === null ? [attrs.weight] : [attrs.weight, attrs.bias]
  return [
    message(1, [onnxNode('Flatten', [input], flat, [])]),
    message(1, [onnxNode('Gemm', [flat, ...weights], output, [attribute('transB', { whole: 1 })])]),
  ]
}

/** A dropout's value is its input's. */
function valueName(id: NodeId, graph: Graph): string {
  const node = graph.nodes[id]
  if (node?.op === 'dropout2d') return valueName(node.inputs[0], graph)
  if (id === graph.output) return 'logits'
  return id === 0 ? 'images' : `value${id}`
}

function sides({ nodes }: Graph, id: NodeId): number[] {
  const shape: Shape | undefined = nodes[id]?.shape
  if (!shape) throw new Error(`the graph has no node ${id}`)
  return [shape.channels, shape.height, shape.width]
}
