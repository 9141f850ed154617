// A trained network as a tfjs layers model, for inference by stock `tf.loadLayersModel`: only standard Keras layers, in
// the format of tfjs-converter 3 (model.json with a topology and a weights manifest, weights.bin). Channels last.
import type { RunConfig } from '../contract/run-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import type { Graph, GraphNode, NodeId } from '../network/graph.ts'
import { bytesOf, joinBytes } from './join-bytes.ts'
import type { Weights } from './weights-file.ts'

type Weight = { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }
type Layer = {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  readonly weights?: readonly Weight[]
}

/** `model.json` and `weights.bin`: images [batch, 32, 32, 3] as the network was trained on in, logits out. */
export function tfjsFiles(state: Weights, config: RunConfig): Map<string, string | Uint8Array<ArrayBuffer>> {
  const graph = buildGraph(config)
  const layers: Record<string, unknown>[] = []
  const weights: Weight[] = []
  for (const node of graph.nodes) {
    let inputs = node.inputs.map((id) => outputName(id, graph))
    const parts = layersOf(node, graph, state)
    for (const [i, { kind, config: own, weights: tensors = [] }] of parts.entries()) {
      const name = i === parts.length - 1 ? outputName(node.id, graph) : `${outputName(node.id, graph)}_${i}`
      layers.push({
        class_name: kind,
        name,
        config: { ...own, name, trainable: true, dtype: 'float32' },
        inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
      })
      weights.push(...tensors.map((tensor) => ({ ...tensor, name: `${name}/${tensor.name}` })))
      inputs = [name]
    }
  }
  return new Map<string, string | Uint8Array<ArrayBuffer>>([
    ['model.json', `${JSON.stringify(description(layers, weights, graph, config))}\n`],
    ['weights.bin', joinBytes(weights.map(({ values }) => bytesOf(values)))],
  ])
}

function description(
  layers: readonly unknown[],
  weights: readonly Weight[],
  graph: Graph,
  config: RunConfig,
): unknown {
  return {
    format: 'layers-model',
    generatedBy: 'residual-lab',
    convertedBy: null,
    userDefinedMetadata: { config },
    modelTopology: {
      keras_version: '2.4.0',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Functional',
        config: {
          name: 'residual_lab',
          layers,
          input_layers: [[outputName(0, graph), 0, 0]],
          output_layers: [[outputName(graph.output, graph), 0, 0]],
        },
      },
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
  }
}

/** A node's layers, one after the other; none where it does nothing in inference. */
function layersOf(node: GraphNode, graph: Graph, state: Weights): Layer[] {
  const parameter = (name: string) => valuesOf(state.parameters, name)
  switch (node.op) {
    case 'input': {
      const { height, width, channels } = node.shape
      return [{ kind: 'InputLayer', config: { batch_input_shape: [null, height, width, channels] } }]
    }
    case 'dropout2d':
      return []
    case 'conv2d': {
      const { kernel, stride, weight, bias } = node.attrs
      const kernelWeight = convolutionKernel(
        parameter(weight),
        kernel,
        inputChannels(node, graph),
        node.shape.channels,
      )
      const conv = convolution(node.shape.channels, kernel, stride, [
        kernelWeight,
        ...(bias === null ? [] : [vector('bias', parameter(bias))]),
      ])
      // Keras' "same" pads only on the right where the stride is 2.
      const edge = (kernel - 1) / 2
      return edge === 0
        ? [conv]
        : [
            {
              kind: 'ZeroPadding2D',
              config: {
                padding: [
                  [edge, edge],
                  [edge, edge],
                ],
                data_format: LAST,
              },
            },
            conv,
          ]
    }
    case 'batchNorm': {
      const { scale, shift, mean, variance, epsilon, momentum } = node.attrs
      return [
        {
          kind: 'BatchNormalization',
          config: { axis: 3, epsilon, momentum: 1 - momentum, center: true, scale: true },
          weights: [
            vector('gamma', parameter(scale)),
            vector('beta', parameter(shift)),
            vector('moving_mean', valuesOf(state.statistics, mean)),
            vector('moving_variance', valuesOf(state.statistics, variance)),
          ],
        },
      ]
    }
    case 'relu':
      return [{ kind: 'ReLU', config: {} }]
    case 'add':
      return [{ kind: 'Add', config: {} }]
    case 'subsample2':
      return [pool('AveragePooling2D', 1, 2)]
    case 'padChannels':
      return [channelPadding(inputChannels(node, graph), node.attrs.before, node.shape.channels)]
    case 'avgPool2':
      return [pool('AveragePooling2D', 2, 2)]
    case 'maxPool4':
      return [pool('MaxPooling2D', 4, 4)]
    case 'globalAvgPool':
      return [{ kind: 'GlobalAveragePooling2D', config: { data_format: LAST } }]
    case 'dense': {
      const { weight, bias } = node.attrs
      const [inputs, outputs] = [inputChannels(node, graph), node.shape.channels]
      const dense = {
        kind: 'Dense',
        config: { units: outputs, activation: 'linear', use_bias: bias !== null },
        weights: [
          {
            name: 'kernel',
            shape: [inputs, outputs],
            values: convolutionKernel(parameter(weight), 1, inputs, outputs).values,
          },
          ...(bias === null ? [] : [vector('bias', parameter(bias))]),
        ],
      }
      // A vector is an image of one pixel after a max pool.
      return graph.nodes[node.inputs[0]]?.op === 'globalAvgPool'
        ? [dense]
        : [{ kind: 'Flatten', config: {} }, dense]
    }
    default:
      return node satisfies never
  }
}

const LAST = 'channels_last'

function convolution(filters: number, kernel: number, stride: number, weights: readonly Weight[]): Layer {
  return {
    kind: 'Conv2D',
    config: {
      filters,
      kernel_size: [kernel, kernel],
      strides: [stride, stride],
      padding: 'valid',
      data_format: LAST,
      dilation_rate: [1, 1],
      activation: 'linear',
      use_bias: weights.length > 1,
    },
    weights,
  }
}

/** Keras has no layer that adds channels: a 1×1 convolution that copies each input to its place. */
function channelPadding(inputs: number, before: number, outputs: number): Layer {
  const values = new Float32Array(inputs * outputs)
  for (let i = 0; i < inputs; i++) values[i * outputs + before + i] = 1
  return convolution(outputs, 1, 1, [{ name: 'kernel', shape: [1, 1, inputs, outputs], values }])
}

function pool(kind: 'AveragePooling2D' | 'MaxPooling2D', side: number, stride: number): Layer {
  const config = { pool_size: [side, side], strides: [stride, stride], padding: 'valid', data_format: LAST }
  return { kind, config }
}

/** [out, in, k, k] to [k, k, in, out]. */
function convolutionKernel(from: Float32Array, side: number, inputs: number, outputs: number): Weight {
  const values = new Float32Array(from.length)
  const area = side * side
  let at = 0
  for (let pixel = 0; pixel < area; pixel++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        values[at++] = from[(output * inputs + input) * area + pixel] ?? 0
      }
    }
  }
  return { name: 'kernel', shape: [side, side, inputs, outputs], values }
}

const vector = (name: string, values: Float32Array): Weight => ({ name, shape: [values.length], values })

function valuesOf(all: Readonly<Record<string, Float32Array>>, name: string): Float32Array {
  const values = all[name]
  if (!values) throw new Error(`the state lacks ${name}`)
  return values
}

function inputChannels(node: GraphNode, { nodes }: Graph): number {
  return nodes[node.inputs[0] ?? -1]?.shape.channels ?? 0
}

/** A dropout's value is its input's. */
function outputName(id: NodeId, graph: Graph): string {
  const node = graph.nodes[id]
  if (node?.op === 'dropout2d') return outputName(node.inputs[0], graph)
  if (id === graph.output) return 'logits'
  return id === 0 ? 'images' : `value${id}`
}
