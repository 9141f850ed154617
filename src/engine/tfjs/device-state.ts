// A trainer's state on the device: one flat vector for each kind of tensor.
import * as tf from '@tensorflow/tfjs'
import type { TrainerState } from '../engine.ts'
import { pack, unpack, type FlatLayout } from './flat-layout.ts'
import type { NamedTensors } from './named-tensors.ts'
import type { SgdState } from './sgd.ts'

export type DeviceState = SgdState & { readonly statistics: tf.Tensor1D }

export type StateLayout = { readonly parameters: FlatLayout; readonly statistics: FlatLayout }

/** The name under which the optimiser's buffer stands in a `TrainerState`. */
const MOMENTUM_SLOT = 'momentum'

/** @throws AppError `weights-mismatch` where the state is another network's; nothing is uploaded then */
export function uploadState(layout: StateLayout, state: TrainerState): DeviceState {
  const buffer = state.slots[MOMENTUM_SLOT] ?? {}
  const parameters = pack(layout.parameters, state.parameters)
  const statistics = pack(layout.statistics, state.statistics)
  const hasMomentum = Object.keys(buffer).length > 0
  const momentum = hasMomentum ? pack(layout.parameters, buffer) : undefined
  return {
    parameters: tf.tensor1d(parameters),
    statistics: tf.tensor1d(statistics),
    momentum: momentum && tf.tensor1d(momentum),
  }
}

/** @param read waits for a tensor's values, and frees it */
export async function downloadState(
  layout: StateLayout,
  state: DeviceState,
  read: (tensor: tf.Tensor) => Promise<Float32Array>,
): Promise<Omit<TrainerState, 'steps'>> {
  // Clones, because a step that is enqueued before the values arrive disposes the state.
  const [parameters, statistics, momentum] = await Promise.all([
    read(state.parameters.clone()),
    read(state.statistics.clone()),
    state.momentum && read(state.momentum.clone()),
  ])
  return {
    parameters: unpack(layout.parameters, parameters),
    statistics: unpack(layout.statistics, statistics),
    slots: momentum ? { [MOMENTUM_SLOT]: unpack(layout.parameters, momentum) } : {},
  }
}

export function disposeState({ parameters, momentum, statistics }: DeviceState): void {
  tf.dispose(momentum ? [parameters, momentum, statistics] : [parameters, statistics])
}

/** A flat vector's tensors by name, in tfjs's layouts. */
export function slices(layout: FlatLayout, flat: tf.Tensor1D): NamedTensors {
  return new Map(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      tf.slice1d(flat, offset, size).reshape([...shape]),
    ]),
  )
}

/** The flat vector of these tensors. */
export function concatenate(layout: FlatLayout, tensors: NamedTensors): tf.Tensor1D {
  return tf.concat(
    layout.entries.map(({ name }) => {
      const tensor = tensors.get(name)
      if (!tensor) throw new Error(`the step gave nothing for ${name}`)
      return tensor.as1D()
    }),
  )
}
