// A trainer's state on the device: one flat vector for each kind of tensor.
import * as tf from '@tensorflow/tfjs'
import type { TrainerState } from '../engine.ts'
import { pack, unpack, type PackedLayout } from './flat-layout.ts'
import type { NamedTensors } from './named-tensors.ts'
import type { OptimiserState } from './optimise.ts'

export type DeviceState = OptimiserState & { readonly statistics: tf.Tensor1D }

export type StateLayout = {
  readonly parameters: PackedLayout
  readonly statistics: PackedLayout
  /** The optimiser's slots, each laid out as the parameters are. */
  readonly slots: readonly string[]
}

/** @throws AppError `weights-mismatch` where the state is another network's; nothing is uploaded then */
export function uploadState(layout: StateLayout, state: TrainerState): DeviceState {
  const parameters = pack(layout.parameters, state.parameters)
  const statistics = pack(layout.statistics, state.statistics)
  const slots = layout.slots.map((name) => {
    const values = state.slots[name]
    return values ? pack(layout.parameters, values) : new Float32Array(layout.parameters.size)
  })
  return {
    parameters: tf.tensor1d(parameters),
    statistics: tf.tensor1d(statistics),
    slots: slots.map((values) => tf.tensor1d(values)),
  }
}

/** @param read waits for a tensor's values, and frees it */
export async function downloadState(
  layout: StateLayout,
  state: DeviceState,
  read: (tensor: tf.Tensor) => Promise<Float32Array>,
): Promise<Omit<TrainerState, 'steps'>> {
  // Clones, because a step that is enqueued before the values arrive disposes the state.
  const [parameters, statistics, ...slots] = await Promise.all([
    read(state.parameters.clone()),
    read(state.statistics.clone()),
    ...state.slots.map((slot) => read(slot.clone())),
  ])
  return {
    parameters: unpack(layout.parameters, parameters),
    statistics: unpack(layout.statistics, statistics),
    slots: Object.fromEntries(
      slots.map((values, i) => [layout.slots[i] ?? '', unpack(layout.parameters, values)]),
    ),
  }
}

export function disposeState({ parameters, slots, statistics }: DeviceState): void {
  tf.dispose([parameters, statistics, ...slots])
}

/** A flat vector's tensors by name, in tfjs's layouts. */
export function slices(layout: PackedLayout, flat: tf.Tensor1D): NamedTensors {
  return new Map(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      tf.slice1d(flat, offset, size).reshape([...shape]),
    ]),
  )
}

/** The flat vector of these tensors. */
export function concatenate(layout: PackedLayout, tensors: NamedTensors): tf.Tensor1D {
  return tf.concat(
    layout.entries.map(({ name }) => {
      const tensor = tensors.get(name)
      if (!tensor) throw new Error(`the step gave nothing for ${name}`)
      return tensor.as1D()
    }),
  )
}
