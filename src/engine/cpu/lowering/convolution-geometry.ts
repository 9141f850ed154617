// What the passes of a convolution share: its shape, and where it begins to read.
import type { ValueId } from '../../compiler/program.ts'
import { type FilterLayout, tensorNamed } from '../memory/layout.ts'
import type { Images, Lowering } from './lowering.ts'
import type { Pointer } from './work.ts'

type Geometry = {
  readonly filter: FilterLayout
  readonly stride: 1 | 2
  /** Multiplications and additions of one pass over an image. */
  readonly flops: number
  readonly name: string
}

/** What the first output pixel's first tap reads: for 3×3, in the border. */
export function firstTap({ at, layout }: Images, kernel: 1 | 3): Pointer {
  return kernel === 3 ? moved(at, -(layout.row + layout.pixel)) : at
}

export const moved = (pointer: Pointer, bytes: number): Pointer => ({
  ...pointer,
  offset: pointer.offset + bytes,
})

export function geometryOf(
  { context, images }: Lowering,
  operation: { readonly weight: string; readonly stride?: 1 | 2 },
  output: ValueId,
): Geometry {
  const { filter } = tensorNamed(context.layout.parameters, operation.weight)
  if (!filter) throw new Error(`${operation.weight} is no filter`)
  const { height, width } = images(output).layout
  const { kernel, inChannels, outChannels } = filter
  const stride = operation.stride ?? 1
  return {
    filter,
    stride,
    flops: 2 * height * width * kernel ** 2 * inChannels * outChannels,
    name: `conv2d ${kernel}×${kernel}/${stride} ${inChannels}→${outChannels} @${height}×${width}`,
  }
}
