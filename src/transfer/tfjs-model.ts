// A trained network as a TensorFlow.js layers model, for inference: `tf.loadLayersModel('model.json')`. Keras's own layers
// only, so that no code of ours is needed to load it: what Keras lacks is made of what it has, with the same values.
// Its input is images as the network was trained on, channels last: normalised, as the config in the metadata says.
import type { RunConfig } from '../config/run-config.ts'
import { buildGraph } from '../network/build-graph.ts'
import { type Graph, type GraphNode, type NodeId, usedNodes } from '../network/graph.ts'
import { attrsOf, opOf } from '../network/ops/index.ts'
import { kerasConvolution, type KerasLayer, type KerasWeight } from '../network/ops/keras-layer.ts'
import { bytesOf, joinBytes } from './join-bytes.ts'
import type { Weights } from './weights-file.ts'

const MODEL = 'model.json'
const WEIGHTS = 'weights.bin'

/** Input [batch, 32, 32, 3], output [batch, classes]: logits. */
export function tfjsModelFiles(state: Weights, config: RunConfig): ReadonlyMap<string, Uint8Array> {
  const graph = buildGraph(config)
  /** The layer whose output is a node's value. */
  const names = new Map<NodeId, string>()
  const layers: object[] = []
  const weights: KerasWeight[] = []
  const used = usedNodes(graph)
  for (const node of graph.nodes) {
    if (!used.has(node.id)) continue
    let inputs = node.inputs.map((id) => names.get(id) ?? '')
    for (const [i, layer] of layersOf(node, graph, state).entries()) {
      const name = `${node.op}_${node.id}${i === 0 ? '' : `_${i}`}`
      layers.push({
        name,
        class_name: layer.class_name,
        config: { name, trainable: false, ...layer.config },
        inbound_nodes: inputs.length > 0 ? [inputs.map((input) => [input, 0, 0, {}])] : [],
      })
      for (const weight of layer.weights ?? []) weights.push({ ...weight, name: `${name}/${weight.name}` })
      inputs = [name]
    }
    names.set(node.id, inputs[0] ?? '')
  }
  const model = {
    format: 'layers-model',
    generatedBy: 'Residual Lab',
    convertedBy: null,
    userDefinedMetadata: { config },
    modelTopology: {
      keras_version: '2.13.1',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Functional',
        config: {
          name: 'residual_lab',
          layers,
          input_layers: [[names.get(0), 0, 0]],
          output_layers: [[names.get(graph.output), 0, 0]],
        },
      },
    },
    weightsManifest: [
      {
        paths: [WEIGHTS],
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
  }
  return new Map([
    [MODEL, new TextEncoder().encode(JSON.stringify(model))],
    [WEIGHTS, joinBytes(weights.map(({ values }) => bytesOf(values)))],
  ])
}

/** A node's layers, one after another; none where it does nothing to an image in inference. */
function layersOf(node: GraphNode, graph: Graph, state: Weights): readonly KerasLayer[] {
  switch (node.op) {
    case 'input':
      return [
        {
          class_name: 'InputLayer',
          config: { batch_input_shape: [null, 32, 32, 3], dtype: 'float32', sparse: false },
        },
      ]
    case 'conv2d': {
      const { kernel, stride, weight, bias } = node.attrs
      const [out = 0, inputs = 0] = shapeOf(graph, weight)
      const side = (kernel - 1) / 2
      // Keras's own padding is at the end where the stride is 2, PyTorch's on every side.
      const padding: KerasLayer[] =
        side > 0
          ? [
              {
                class_name: 'ZeroPadding2D',
                config: {
                  padding: [
                    [side, side],
                    [side, side],
                  ],
                  data_format: 'channels_last',
                },
              },
            ]
          : []
      return [
        ...padding,
        kerasConvolution(
          { out, kernel, stride },
          toHwio(tensor(state.parameters, weight), out, inputs, kernel),
          bias === null ? null : tensor(state.parameters, bias),
          inputs,
        ),
      ]
    }
    case 'batchNorm': {
      const { scale, shift, mean, variance, epsilon, momentum } = node.attrs
      const vector = (name: string, values: Float32Array) => ({ name, shape: [values.length], values })
      return [
        {
          class_name: 'BatchNormalization',
          config: { axis: -1, epsilon, momentum: 1 - momentum, center: true, scale: true },
          weights: [
            vector('gamma', tensor(state.parameters, scale)),
            vector('beta', tensor(state.parameters, shift)),
            vector('moving_mean', tensor(state.statistics, mean)),
            vector('moving_variance', tensor(state.statistics, variance)),
          ],
        },
      ]
    }
    case 'dense': {
      const { weight, bias } = node.attrs
      const [out = 0, inputs = 0] = shapeOf(graph, weight)
      const values = tensor(state.parameters, weight)
      const kernel = Float32Array.from(
        { length: values.length },
        (_, i) => values[(i % out) * inputs + Math.floor(i / out)] ?? 0,
      )
      return [
        {
          class_name: 'Dense',
          config: { units: out, activation: 'linear', use_bias: bias !== null },
          weights: [
            { name: 'kernel', shape: [inputs, out], values: kernel },
            ...(bias === null
              ? []
              : [{ name: 'bias', shape: [out], values: tensor(state.parameters, bias) }]),
          ],
        },
      ]
    }
    default: {
      const input = graph.nodes[node.inputs[0]]
      if (!input) throw new Error(`the graph has no node ${node.inputs[0]}`)
      return opOf(node).keras(attrsOf(node), input.shape)
    }
  }
}

/** [out, in, k, k] → [k, k, in, out] */
function toHwio(values: Float32Array, out: number, inputs: number, kernel: number): Float32Array {
  const taps = kernel * kernel
  const moved = new Float32Array(values.length)
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let tap = 0; tap < taps; tap++) {
        moved[(tap * inputs + i) * out + o] = values[(o * inputs + i) * taps + tap] ?? 0
      }
    }
  }
  return moved
}

function shapeOf({ parameters }: Graph, wanted: string): readonly number[] {
  const found = parameters.find(({ name }) => name === wanted)
  if (!found) throw new Error(`the network has no ${wanted}`)
  return found.shape
}

function tensor(values: Readonly<Record<string, Float32Array>>, name: string): Float32Array {
  const found = values[name]
  if (!found) throw new Error(`the state lacks ${name}`)
  return found
}
