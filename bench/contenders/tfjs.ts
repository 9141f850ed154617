// TensorFlow.js as its users write it: variables, ops, its automatic differentiation and its momentum optimiser.
import * as tf from '@tensorflow/tfjs'
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../../src/base/data-set.ts'
import { decodeBatch } from '../../src/engine/decode-batch.ts'
import { type Backend, openBackend } from '../../src/engine/tfjs/backends.ts'
import { layOut, pack } from '../../src/engine/tfjs/flat-layout.ts'
import type { GpuSource } from '../../src/engine/webgpu-device.ts'
import type { Graph, GraphNode, NodeId } from '../../src/network/graph.ts'
import type { Contender, Training } from '../contender.ts'
import { NORMALISATION, OPTIMISER, type Task } from '../task.ts'
import { present } from './present.ts'

/** As its optimisers take gradients; it does not export their type. */
type NamedTensor = { readonly name: string; readonly tensor: tf.Tensor }
type TrainingBackend = Pick<Backend, 'adapter' | 'failure' | 'close'> & { readonly name: string }
type Variables = ReadonlyMap<string, tf.Variable>

/** @throws AppError `device-unavailable` where the backend is */
export async function openTfjs(name: 'webgpu' | 'webgl' | 'cpu', gpu: GpuSource | null): Promise<Contender> {
  const { backend } = await openBackend(gpu ? { backend: name, gpu } : { backend: name })
  return contenderOf(backend)
}

/** @param backend one that is registered with tfjs under its name */
export function contenderOf(backend: TrainingBackend): Contender {
  const { name, adapter } = backend
  const assertWorking = () => {
    const failure = backend.failure()
    if (failure) throw failure
  }
  return {
    adapter,
    async prepare(task) {
      await tf.setBackend(name)
      const training = createTraining(task)
      return {
        async train(steps) {
          // The other backend may have had its turn since.
          await tf.setBackend(name)
          assertWorking()
          const loss = await training.train(steps)
          assertWorking()
          return loss
        },
        dispose: () => training.dispose(),
      }
    },
    dispose: () => backend.close(),
  }
}

function createTraining({ graph, initial, batch }: Task): Training {
  const variables = createVariables(graph, initial.parameters)
  const trained = [...variables.values()]
  const size: [number, number, number, number] = [batch.size, IMAGE_SIDE, IMAGE_SIDE, IMAGE_CHANNELS]
  const images = tf.tensor4d(decodeBatch(batch, NORMALISATION), size)
  const labels = tf.oneHot(tf.tensor1d(Int32Array.from(batch.labels), 'int32'), graph.classes)
  const optimiser = tf.train.momentum(OPTIMISER.learningRate, OPTIMISER.momentum)

  function step(): tf.Scalar {
    const { value, grads } = tf.variableGrads(
      () => tf.losses.softmaxCrossEntropy(labels, forward(graph, variables, images)).asScalar(),
      trained,
    )
    tf.tidy(() => optimiser.applyGradients(withDecay(grads, trained)))
    tf.dispose(grads)
    return value
  }

  return {
    async train(steps) {
      let loss = step()
      for (let i = 1; i < steps; i++) {
        loss.dispose()
        loss = step()
      }
      const [value = Number.NaN] = await loss.data()
      loss.dispose()
      return value
    },
    dispose() {
      tf.dispose([...trained, images, labels])
      optimiser.dispose()
    },
  }
}

function createVariables(graph: Graph, values: Readonly<Record<string, Float32Array>>): Variables {
  const layout = layOut(graph.parameters)
  const flat = pack(layout, values)
  return new Map(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(flat.slice(offset, offset + size), [...shape]))),
    ]),
  )
}

/** g + λp, as PyTorch's SGD decays. */
function withDecay(gradients: tf.NamedTensorMap, variables: readonly tf.Variable[]): NamedTensor[] {
  return variables.map((variable) => {
    const gradient = present(gradients[variable.name], `the gradient of ${variable.name}`)
    return { name: variable.name, tensor: gradient.add(variable.mul(OPTIMISER.weightDecay)) }
  })
}

/** @returns logits, [batch, classes] */
function forward(graph: Graph, variables: Variables, images: tf.Tensor4D): tf.Tensor2D {
  const values = new Map<NodeId, tf.Tensor4D>()
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => present(values.get(id), `node ${id}`))
    values.set(node.id, node.op === 'input' ? images : execute(node, inputs, variables))
  }
  return present(values.get(graph.output), 'the output').reshape([images.shape[0], graph.classes])
}

function execute(
  node: Exclude<GraphNode, { op: 'input' }>,
  [x, other]: readonly tf.Tensor4D[],
  variables: Variables,
): tf.Tensor4D {
  if (!x) throw new Error(`node ${node.id} has no input`)
  const variable = (name: string) => present(variables.get(name), name)
  const { op } = node
  switch (node.op) {
    case 'conv2d': {
      const { kernel, stride, weight, bias } = node.attrs
      const filter = variable(weight).as4D(kernel, kernel, x.shape[3], node.shape.channels)
      const y = tf.conv2d(x, filter, stride, (kernel - 1) / 2)
      return bias === null ? y : y.add(variable(bias))
    }
    case 'batchNorm': {
      const { scale, shift, epsilon } = node.attrs
      const { mean, variance } = tf.moments(x, [0, 1, 2])
      return tf.batchNorm4d(
        x,
        mean.as1D(),
        variance.as1D(),
        variable(shift).as1D(),
        variable(scale).as1D(),
        epsilon,
      )
    }
    case 'relu':
      return tf.relu(x)
    case 'add':
      return tf.add(x, other ?? x)
    case 'subsample2':
      // x[:, ::2, ::2]; stridedSlice has no gradient.
      return tf.avgPool(x, 1, 2, 'valid')
    case 'padChannels':
      return tf.pad4d(x, [
        [0, 0],
        [0, 0],
        [0, 0],
        [node.attrs.before, node.attrs.after],
      ])
    case 'globalAvgPool':
      return tf.avgPool(x, [x.shape[1], x.shape[2]], 1, 'valid')
    case 'dense': {
      const { weight, bias } = node.attrs
      const [batch, , , channels] = x.shape
      const weights = variable(weight).as2D(channels, node.shape.channels)
      const product = tf.matMul(x.reshape<tf.Tensor2D>([batch, channels]), weights)
      return (bias === null ? product : product.add(variable(bias))).reshape([batch, 1, 1, -1])
    }
    default:
      throw new Error(`no network of the benchmark has ${op}`)
  }
}
