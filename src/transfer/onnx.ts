// A trained network as ONNX (onnx/onnx.proto, IR version 8, operator set 17), for inference: batch norms have their
// running statistics, and dropouts are left out. Its input is images as the network was trained on: normalised, and
// whitened where the run's are, as the config in the metadata says.
import type { RunConfig } from '../config/run-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import type { Graph, GraphNode, NodeId, Shape } from '../network/graph.ts'
import { bytesOf, joinBytes } from './join-bytes.ts'
import { attribute, ELEMENT, onnxNode, onnxTensor, onnxValue } from './onnx-messages.ts'
import { type Bytes, integer, message, text } from './protobuf.ts'
import type { Weights } from './weights-file.ts'

const IR_VERSION = 8
const OPERATOR_SET = 17
const BATCH = 'batch'
/** An end that no image reaches: "to the end". */
const TO_THE_END = 2 ** 31 - 1

/** Input `images` [batch, 3, 32, 32] and output `logits` [batch, classes], float32; tensors in the Graph's own names. */
export function writeOnnx(state: Weights, config: RunConfig): Bytes {
  const graph = buildGraph(config)
  const body = [
    ...graph.nodes.flatMap((node) => operatorsOf(node, graph)),
    text(2, 'residual-lab'),
    ...graph.parameters.map(({ name, shape }) => weightsTensor(name, shape, state.parameters[name])),
    ...graph.statistics.map(({ name, shape }) => weightsTensor(name, shape, state.statistics[name])),
    ...constantsOf(graph),
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

/** What Slice and Pad take as inputs: whole numbers, by name. */
const SUBSAMPLING = {
  'subsample2.starts': [0, 0],
  'subsample2.ends': [TO_THE_END, TO_THE_END],
  'subsample2.axes': [2, 3],
  'subsample2.steps': [2, 2],
} as const
const padsName = ({ id }: Pick<GraphNode, 'id'>) => `padChannels${id}.pads`

function constantsOf({ nodes }: Graph): Bytes[] {
  const constants: (readonly [string, readonly number[]])[] = nodes.flatMap((node) =>
    node.op === 'padChannels'
      ? [[padsName(node), [0, node.attrs.before, 0, 0, 0, node.attrs.after, 0, 0]] as const]
      : [],
  )
  if (nodes.some(({ op }) => op === 'subsample2')) constants.push(...Object.entries(SUBSAMPLING))
  return constants.map(([name, values]) =>
    message(5, [
      onnxTensor(name, ELEMENT.int64, [values.length], bytesOf(BigInt64Array.from(values, BigInt))),
    ]),
  )
}

/** A node's operators, in order; none where it does nothing to an image in inference. */
function operatorsOf(node: GraphNode, graph: Graph): Bytes[] {
  const inputs = node.inputs.map((id) => valueName(id, graph))
  const output = valueName(node.id, graph)
  const operator = (type: string, more: readonly string[] = [], attributes: readonly Bytes[] = []) => [
    message(1, [onnxNode(type, [...inputs, ...more], output, attributes)]),
  ]
  const window = (side: number) => [
    attribute('kernel_shape', [side, side]),
    attribute('strides', [side, side]),
  ]
  switch (node.op) {
    case 'input':
    case 'dropout2d':
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
    case 'relu':
      return operator('Relu')
    case 'add':
      return operator('Add')
    case 'subsample2':
      return operator('Slice', Object.keys(SUBSAMPLING))
    case 'padChannels':
      return operator('Pad', [padsName(node)])
    case 'avgPool2':
      return operator('AveragePool', [], window(2))
    case 'maxPool4':
      return operator('MaxPool', [], window(4))
    case 'globalAvgPool':
      return operator('GlobalAveragePool')
    case 'dense':
      return linear(node, inputs[0] ?? '', output)
    default:
      return node satisfies never
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
