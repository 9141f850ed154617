// jax-js: value, gradient and optimiser as one function under `jit`, as its documentation recommends. Layouts are its
// own and PyTorch's, NCHW and OIHW. A function takes over its arguments: every use but the last passes a `ref`.
import {
  defaultDevice,
  getWebGPUDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax'
import { AppError } from '../../src/base/app-error.ts'
import { IMAGE_CHANNELS, IMAGE_SIDE } from '../../src/base/data-set.ts'
import { decodeBatch } from '../../src/engine/decode-batch.ts'
import type { Graph, GraphNode, NodeId } from '../../src/network/graph.ts'
import type { Contender, Training } from '../contender.ts'
import { NORMALISATION, OPTIMISER, type Task } from '../task.ts'
import { formatThreads } from '../thread-count.ts'
import { present } from './present.ts'

type DeviceName = 'webgpu' | 'wasm'
type Arrays = { [name: string]: np.Array }

/**
 * Finds its GPU in `navigator.gpu`.
 * @param adapter the name of that GPU, which jax-js does not tell
 * @throws AppError `device-unavailable`
 */
export async function openJaxWebgpu(adapter: string): Promise<Contender> {
  await openDevice('webgpu')
  const device = getWebGPUDevice()
  let failure: Error | null = null
  // It prints such errors and goes on with wrong numbers.
  const fail = ({ message }: { readonly message: string }) => {
    failure ??= new Error(message)
  }
  device.addEventListener('uncapturederror', ({ error }) => fail(error))
  void device.lost.then(fail)
  return {
    adapter,
    async prepare(task) {
      const training = createTraining('webgpu', task)
      return {
        async train(steps) {
          const loss = await training.train(steps)
          if (failure) throw failure
          return loss
        },
        dispose: () => training.dispose(),
      }
    },
    dispose: () => device.destroy(),
  }
}

/**
 * On the CPU. Its threads are as many as `navigator` says there are cores, and none where there are no web workers.
 * @throws AppError `device-unavailable`
 */
export async function openJaxWasm(): Promise<Contender> {
  await openDevice('wasm')
  const hasThreads = typeof Worker !== 'undefined' && typeof SharedArrayBuffer !== 'undefined'
  return {
    adapter: `WebAssembly, ${formatThreads(hasThreads ? navigator.hardwareConcurrency : 1)}`,
    prepare: async (task) => createTraining('wasm', task),
    dispose: () => undefined,
  }
}

async function openDevice(name: DeviceName): Promise<void> {
  const devices = await init(name)
  if (!devices.includes(name)) {
    throw new AppError(
      'device-unavailable',
      `jax-js got no ${name} device; its own message is on the console.`,
    )
  }
}

function createTraining(device: DeviceName, { graph, initial, batch }: Task): Training {
  defaultDevice(device)
  const step = jit(trainingStep(graph))
  const images = np
    .array(decodeBatch(batch, NORMALISATION), { shape: [batch.size, IMAGE_SIDE, IMAGE_SIDE, IMAGE_CHANNELS] })
    .transpose([0, 3, 1, 2])
  const labels = nn.oneHot(np.array(Int32Array.from(batch.labels), { dtype: np.int32 }), graph.classes)
  let parameters: Arrays = {}
  let momentum: Arrays = {}
  for (const { name, shape } of graph.parameters) {
    parameters[name] = np.array(present(initial.parameters[name], name), { shape: [...shape] })
    momentum[name] = np.zeros([...shape])
  }
  const next = (): np.Array => {
    const [nextParameters, nextMomentum, loss] = step(parameters, momentum, images.ref, labels.ref)
    parameters = nextParameters
    momentum = nextMomentum
    return loss
  }
  return {
    async train(steps) {
      // The other device may have had its turn since.
      defaultDevice(device)
      let loss = next()
      for (let i = 1; i < steps; i++) {
        loss.dispose()
        loss = next()
      }
      const [value = Number.NaN] = await loss.data()
      return value
    },
    dispose() {
      tree.dispose([parameters, momentum, images, labels])
      step.dispose()
    },
  }
}

function trainingStep(graph: Graph) {
  return (
    parameters: Arrays,
    momentum: Arrays,
    images: np.Array,
    labels: np.Array,
  ): [Arrays, Arrays, np.Array] => {
    const lossOf = (values: Arrays) => crossEntropy(forward(graph, values, images), labels)
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(parameters))
    const nextParameters: Arrays = {}
    const nextMomentum: Arrays = {}
    // PyTorch's SGD: g ← g + λp, m ← μm + g, p ← p − ηm.
    for (const { name } of graph.parameters) {
      const p = present(parameters[name], name)
      const gradient = present(gradients[name], name).add(p.ref.mul(OPTIMISER.weightDecay))
      const moved = present(momentum[name], name).mul(OPTIMISER.momentum).add(gradient)
      nextMomentum[name] = moved.ref
      nextParameters[name] = p.sub(moved.mul(OPTIMISER.learningRate))
    }
    return [nextParameters, nextMomentum, loss]
  }
}

/** @param labels one-hot, [batch, classes] */
function crossEntropy(logits: np.Array, labels: np.Array): np.Array {
  return nn.logSoftmax(logits, -1).mul(labels).sum(-1).mean().neg()
}

/** @returns logits, [batch, classes] */
function forward(graph: Graph, parameters: Arrays, images: np.Array): np.Array {
  const usesLeft = new Map<NodeId, number>()
  for (const id of graph.nodes.flatMap(({ inputs }) => [...inputs])) {
    usesLeft.set(id, (usesLeft.get(id) ?? 0) + 1)
  }
  const values: np.Array[] = []
  const use = (id: NodeId): np.Array => {
    const left = (usesLeft.get(id) ?? 1) - 1
    usesLeft.set(id, left)
    const value = present(values[id], `node ${id}`)
    return left > 0 ? value.ref : value
  }
  for (const node of graph.nodes) {
    values.push(node.op === 'input' ? images : execute(node, node.inputs.map(use), parameters))
  }
  return use(graph.output)
}

function execute(
  node: Exclude<GraphNode, { op: 'input' }>,
  inputs: readonly np.Array[],
  parameters: Arrays,
): np.Array {
  const x = present(inputs[0], `the input of node ${node.id}`)
  const { height, width, channels } = node.shape
  const perChannel = (name: string) => present(parameters[name], name).reshape([1, channels, 1, 1])
  const { op } = node
  switch (node.op) {
    case 'conv2d': {
      const { kernel, stride, weight, bias } = node.attrs
      const side: [number, number] = [(kernel - 1) / 2, (kernel - 1) / 2]
      const y = lax.convGeneralDilated(x, present(parameters[weight], weight), [stride, stride], [side, side])
      return bias === null ? y : y.add(perChannel(bias))
    }
    case 'batchNorm': {
      const { scale, shift, epsilon } = node.attrs
      const meanOf = (values: np.Array) => values.mean([0, 2, 3], { keepdims: true })
      const centred = x.ref.sub(meanOf(x))
      const variance = meanOf(np.square(centred.ref))
      return centred.mul(perChannel(scale).div(np.sqrt(variance.add(epsilon)))).add(perChannel(shift))
    }
    case 'relu':
      return nn.relu(x)
    case 'add':
      return x.add(present(inputs[1], `the second input of node ${node.id}`))
    case 'subsample2':
      // x[:, :, ::2, ::2] without strided slices, which it lacks; this moves no data.
      return x.reshape([-1, channels, height, 2, width, 2]).slice([], [], [], 0, [], 0)
    case 'padChannels':
      return np.pad(x, [
        [0, 0],
        [node.attrs.before, node.attrs.after],
        [0, 0],
        [0, 0],
      ])
    case 'globalAvgPool':
      return x.mean([2, 3])
    case 'dense': {
      const { weight, bias } = node.attrs
      const product = np.matmul(x, present(parameters[weight], weight).transpose())
      return bias === null ? product : product.add(present(parameters[bias], bias))
    }
    default:
      throw new Error(`no network of the benchmark has ${op}`)
  }
}
