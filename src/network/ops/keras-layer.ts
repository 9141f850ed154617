// Layers as Keras's JSON has them.

export type KerasLayer = {
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
  /** By Keras's names, in the order in which the layer lists them. */
  readonly weights?: readonly KerasWeight[]
}
export type KerasWeight = {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** @param values [k, k, in, out] */
export function kerasConvolution(
  { out, kernel, stride }: { readonly out: number; readonly kernel: number; readonly stride: number },
  values: Float32Array,
  bias: Float32Array | null,
  inputs: number,
): KerasLayer {
  return {
    class_name: 'Conv2D',
    config: {
      filters: out,
      kernel_size: [kernel, kernel],
      strides: [stride, stride],
      padding: 'valid',
      data_format: 'channels_last',
      activation: 'linear',
      use_bias: bias !== null,
    },
    weights: [
      { name: 'kernel', shape: [kernel, kernel, inputs, out], values },
      ...(bias === null ? [] : [{ name: 'bias', shape: [out], values: bias }]),
    ],
  }
}

export function kerasPool(
  class_name: 'AveragePooling2D' | 'MaxPooling2D',
  window: number,
  stride: number,
): KerasLayer {
  return {
    class_name,
    config: {
      pool_size: [window, window],
      strides: [stride, stride],
      padding: 'valid',
      data_format: 'channels_last',
    },
  }
}
