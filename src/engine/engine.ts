// What executes a Graph. Three implementations: webgpu/, cpu/ and tfjs/ (reference and fallback).
import type { ActivationFormat } from '../base/activation-format.ts'
import type { DeviceInfo } from '../contract/device-info.ts'
import type { ChannelNormalisation } from '../base/image-config.ts'
import type { OptimiserConfig } from '../optimisers/index.ts'
import type { Graph } from '../network/graph.ts'

/** Images as they are stored, and how to change each of them. Decoding and normalising are the engine's work. */
export type Batch = {
  readonly size: number
  /** size × 3,072 bytes, planar R, G, B. */
  readonly pixels: Uint8Array
  /** size class indices. */
  readonly labels: Uint8Array
  /** Null for images as they are. */
  readonly augmentation: BatchAugmentation | null
}

/**
 * One entry an image. The stored image is rotated, cropped from its zero padding, then mirrored. Other orders are this one
 * with other values: a crop after mirroring, with left edge l, is one before it with 2 · padding − l; a rotation after
 * mirroring is one before it by the opposite angle.
 */
export type BatchAugmentation = {
  /** Degrees counter-clockwise; null for none. */
  readonly rotation: Float32Array | null
  /** Zero padding from which the crop is cut, in pixels. */
  readonly padding: number
  /** Left and top edge of the 32×32 crop in the padded image, 0 … 2 × padding. */
  readonly left: Uint8Array
  readonly top: Uint8Array
  /** 1 where the crop is mirrored left to right. */
  readonly flip: Uint8Array
}

/** What becomes of a pixel's value ÷ 255. */
export type ImageNormalisation =
  /** (value − mean) ÷ std of its channel. */
  | ChannelNormalisation
  /** value − the stored image's own mean over all pixels and channels. */
  | { readonly kind: 'image-mean' }
  /** value − that of the mean image: 3,072 values, planar as an image is. */
  | { readonly kind: 'pixel-mean'; readonly mean: Float32Array }

export type StepHyper = { readonly learningRate: number }

/** Of one finished step. */
export type StepMetrics = {
  /** Mean cross-entropy of the batch (with label smoothing where set), natural logarithm; no weight decay in it. */
  readonly loss: number
  /** Images of the batch that the step's forward pass classed correctly. */
  readonly correct: number
}

/** A network's answers to labelled images. */
export type Score = {
  /** Counts, classes², [true class][predicted class]. Of equal logits the first is the prediction. */
  readonly confusion: Uint32Array
  /** Sum of the images' cross-entropy without label smoothing, natural logarithm. */
  readonly lossSum: number
  /** The predicted class of each image, in their order. */
  readonly predicted: Uint8Array<ArrayBuffer>
}

/** One kernel's run on the device. */
export type KernelTime = {
  /** What it computes, for which shapes; kernels of one label do the same work. */
  readonly label: string
  readonly milliseconds: number
  /** Multiplications and additions. */
  readonly flops: number
  /** Read and written, each tensor once. */
  readonly bytes: number
}

/** Everything that training changes, by name, in PyTorch's layouts: convolution OIHW, linear [out, in]. */
export type TrainerState = {
  readonly parameters: Readonly<Record<string, Float32Array>>
  /** Batch norm's running means and variances. */
  readonly statistics: Readonly<Record<string, Float32Array>>
  /** The optimiser's memory by slot and parameter, e.g. `momentum`; a slot is empty before the first step. */
  readonly slots: Readonly<Record<string, Readonly<Record<string, Float32Array>>>>
  /** Steps taken so far. */
  readonly steps: number
}

/** What a compilation tells on its way. */
export type CompileProgress =
  /** Before any memory is taken: bytes by what they are for. */
  | { readonly kind: 'memory'; readonly bytes: MemoryBytes }
  /** Convolutions whose kernels are chosen; then kernels that are compiled, and that have run once, of all. */
  | {
      readonly kind: 'kernels'
      readonly stage: 'measure' | 'compile' | 'first-run'
      readonly ready: number
      readonly total: number
    }

/** Device memory of one network, in bytes. */
export type MemoryBytes = {
  readonly parameters: number
  readonly gradients: number
  readonly optimiser: number
  /** What the backward pass needs of the forward pass, and what is computed on the way. */
  readonly activations: number
  /** Batches, tables, statistics, metrics, logits. */
  readonly other: number
}

/** Normalised images x, flattened by rows, columns, then channels, become Z · (x − mean). */
export type Whitening = {
  /** Z, 3,072² row-major. */
  readonly matrix: Float32Array<ArrayBuffer>
  /** 3,072 values. */
  readonly mean: Float32Array<ArrayBuffer>
}

export type CompileOptions = {
  /** Images of a step at most; null for a trainer that only evaluates. */
  readonly batchSize: number | null
  /** How activations and their gradients are stored: float16 takes half the memory, where the device has it. */
  readonly activations: ActivationFormat
  readonly optimiser: OptimiserConfig
  readonly labelSmoothing: number
  readonly normalisation: ImageNormalisation
  /** Null or absent for images as they are after normalising. */
  readonly whitening?: Whitening | null
  /** The run's seed: with the step's number it decides what dropouts drop. */
  readonly dropoutSeed: number
  readonly initial: TrainerState
  readonly onProgress?: (progress: CompileProgress) => void
}

export interface Trainer {
  /** Enqueues one optimiser step; never waits for the device. Nobody changes the batch after. */
  step(batch: Batch, hyper: StepHyper): void
  /** Metrics of the steps enqueued since the last drain, in order, once they have finished. */
  drain(): Promise<StepMetrics[]>
  /** Logits with running statistics, size × classes. */
  evaluate(batch: Batch): Promise<Float32Array>
  /** What the last linear layer is given, with running statistics, size × its width. */
  features(batch: Batch): Promise<Float32Array>
  /**
   * The answers to all images, with running statistics, counted and one by one: logits stay on the device. Batches are
   * asked for as the device gets through them. One at a time.
   * @param batches of 50,000 images at most, together
   */
  score(batches: AsyncIterable<Batch>): Promise<Score>
  /** The state after every step enqueued so far. */
  read(): Promise<TrainerState>
  write(state: TrainerState): void
  /** A step like any other, and what each of its kernels took, in their order; absent where the device keeps no time. */
  profile?(batch: Batch, hyper: StepHyper): Promise<KernelTime[]>
  dispose(): void
}

/** Stored images without their labels: count × 3,072 bytes. */
export type PixelImages = { readonly count: number; readonly pixels: Uint8Array }

export interface Engine {
  readonly info: DeviceInfo
  compile(graph: Graph, options: CompileOptions): Promise<Trainer>
  /**
   * For each two of an image's 3,072 bytes the sum of their product over all images, exactly: 3,072², below the diagonal
   * and on it. Absent where the device is no faster than the CPU.
   * @param images at most 66,051
   * @param pause awaited now and then, with the share that is done; what it throws ends the work
   */
  pixelProducts?(images: PixelImages, pause: (share: number) => Promise<void>): Promise<Uint32Array>
  dispose(): void
}
