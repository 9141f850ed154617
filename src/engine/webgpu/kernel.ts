// What a kernel is: plain data. The plan binds tensors to its names and records it; nothing here touches a GPU.

export type KernelBinding = {
  /** Which tensor; several bindings of one name are parts of one tensor. */
  readonly name: string
  /** As the WGSL declares it. WebGPU refuses one buffer as `read` and `read-write` in the same dispatch. */
  readonly access: 'read' | 'read-write' | 'uniform'
  /** The bytes of the tensor that are bound; all of them where absent. Offsets are multiples of 256. */
  readonly part?: { readonly offset: number; readonly bytes: number }
}

/** One compute shader with everything needed to run it. Its entry point is `main`. */
export type Kernel = {
  /** For profiles and error messages: `conv2d forward 3×3/1 16→16 @32² ×8`. */
  readonly label: string
  /** The whole source; equal text and constants are one pipeline. */
  readonly wgsl: string
  /** Bind group 0; the index is the position. */
  readonly bindings: readonly KernelBinding[]
  /** Pipeline-overridable constants. */
  readonly constants: Readonly<Record<string, number>>
  /** Contents (u32) of the uniform binding `dims`, which whoever runs the kernel makes; empty where there is none. */
  readonly dims: readonly number[]
  /** Each at most 65,535. */
  readonly workgroups: readonly [number, number, number]
  /** Multiplications and additions. */
  readonly flops: number
  /** Read and written, each tensor once. */
  readonly bytes: number
}

/** The uniform binding `step`: what changes from step to step. */
export type StepValues = {
  /** Images of the batch that count; the others get no gradient, and are in no statistic and no score. */
  readonly images: number
  /** Padding from which the crops are cut, in pixels; 0 for images as they are. */
  readonly cropPadding: number
  /** Where in `metrics` the step's loss and correct count go. */
  readonly metricsSlot: number
  readonly learningRate: number
  /** Steps taken before this one. */
  readonly number: number
  /** What of the optimiser's formula changes with the step. */
  readonly stepFactors: readonly number[]
  /** Of a score: the place of the batch's first image among all of them. */
  readonly firstImage: number
}

/** A multiple of 16. */
export const STEP_BYTES = 32

/**
 * The bytes of `step`: u32 images, u32 cropPadding, u32 metricsSlot, f32 learningRate, u32 number, two f32 step
 * factors, u32 firstImage. What is not given is 0, and a factor 1.
 */
export function encodeStep(values: Partial<StepValues>): ArrayBuffer {
  const {
    images = 0,
    cropPadding = 0,
    metricsSlot = 0,
    learningRate = 0,
    number = 0,
    stepFactors: [factor0 = 1, factor1 = 1] = [],
    firstImage = 0,
  } = values
  const view = new DataView(new ArrayBuffer(STEP_BYTES))
  view.setUint32(0, images, true)
  view.setUint32(4, cropPadding, true)
  view.setUint32(8, metricsSlot, true)
  view.setFloat32(12, learningRate, true)
  view.setUint32(16, number, true)
  view.setFloat32(20, factor0, true)
  view.setFloat32(24, factor1, true)
  view.setUint32(28, firstImage, true)
  return view.buffer
}
