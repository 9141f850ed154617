// What goes to the device before a step, in one write: the step's inputs, then a word and a rotation an image, then the
// pixels.
import { IMAGE_BYTES } from '../../../base/data-set.ts'
import type { Batch } from '../../engine.ts'
import type { BufferRange } from '../lowering/dispatch.ts'
import { encodeStep, STEP_BYTES, type StepValues } from '../kernel.ts'
import { imageRotations, encodeImageWords, ROTATION_BYTES } from '../../image-upload.ts'
import { aligned } from '../../compiler/place-lifetimes.ts'

const WORD_BYTES = 4

/** What changes from step to step besides the batch; all of its images count where `images` does not say less. */
export type StepInputs = Partial<Omit<StepValues, 'cropPadding'>>

/** Where the parts of an upload lie in the buffer `batch`. */
export type UploadLayout = Readonly<Record<'step' | 'images' | 'rotations' | 'pixels', BufferRange>> & {
  readonly bytes: number
}

/** @param capacity images a batch at most */
export function uploadLayout(capacity: number): UploadLayout {
  const step: BufferRange = { buffer: 'batch', offset: 0, bytes: STEP_BYTES }
  const images: BufferRange = { buffer: 'batch', offset: aligned(STEP_BYTES), bytes: capacity * WORD_BYTES }
  const rotations: BufferRange = {
    buffer: 'batch',
    offset: images.offset + aligned(images.bytes),
    bytes: capacity * ROTATION_BYTES,
  }
  const pixels: BufferRange = {
    buffer: 'batch',
    offset: rotations.offset + aligned(rotations.bytes),
    bytes: capacity * IMAGE_BYTES,
  }
  return { step, images, rotations, pixels, bytes: pixels.offset + pixels.bytes }
}

/**
 * Writes a batch into `target`, an ArrayBuffer of the layout's size that is used again for every step.
 * The images after the batch's last keep what an earlier batch left there; no kernel counts them.
 * @returns the bytes that are to be uploaded, from the beginning
 */
export function encodeUpload(
  layout: UploadLayout,
  batch: Batch,
  inputs: StepInputs,
  target: ArrayBuffer,
): number {
  const { size, augmentation } = batch
  const step = { images: size, cropPadding: augmentation?.padding ?? 0, ...inputs }
  new Uint8Array(target).set(new Uint8Array(encodeStep(step)), layout.step.offset)
  new Uint32Array(target, layout.images.offset, size).set(encodeImageWords(batch))
  new Int32Array(target, layout.rotations.offset).set(imageRotations(batch))
  new Uint8Array(target).set(batch.pixels.subarray(0, size * IMAGE_BYTES), layout.pixels.offset)
  return layout.pixels.offset + size * IMAGE_BYTES
}
