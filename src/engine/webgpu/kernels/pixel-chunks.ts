import { channelVectors } from '../layout.ts'

/** Images whose channels are summed over images and pixels. */
export type ImagesShape = {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Threads of the kernels that sum over pixels. */
const SUM_THREADS = 512
/** Fewer would not repay the partial sums. */
const LEAST_PIXELS_A_CHUNK = 16

/** Chunk k takes pixels k, k + chunks, k + 2·chunks, …: at any moment neighbouring threads read neighbours. */
export function pixelChunks({ batch, height, width, channels }: ImagesShape): number {
  const pixels = batch * height * width
  return Math.min(Math.ceil(SUM_THREADS / channelVectors(channels)), Math.ceil(pixels / LEAST_PIXELS_A_CHUNK))
}
