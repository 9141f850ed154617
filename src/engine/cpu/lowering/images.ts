// How kernels are given images.
import type { Operation } from '../../compiler/program.ts'
import type { Images, Lowering } from './lowering.ts'
import type { Argument } from './work.ts'

type ImagesArguments<Name extends string> = Readonly<Record<Name | `${Name}Image` | `${Name}Row`, Argument>>

/** The address of the first pixel, and the bytes from image to image and from row to row; zeros for none. */
export function imagesArguments<Name extends string>(name: Name, images: Images | null): ImagesArguments<Name>
export function imagesArguments(name: string, images: Images | null): Record<string, Argument> {
  return {
    [name]: images?.at ?? 0,
    [`${name}Image`]: images?.layout.image ?? 0,
    [`${name}Row`]: images?.layout.row ?? 0,
  }
}

/** Whoever writes a tensor also writes its border, because the memory held other tensors before. */
export function clearBorder(lowering: Lowering, operation: Operation, { at, layout }: Images): void {
  if (layout.border === 0) return
  lowering.emit(operation, 'clearBorder', {
    y: { ...at, offset: at.offset - layout.inside },
    yImage: layout.image,
    yRow: layout.row,
    rows: layout.height,
    pixelBytes: layout.pixel,
  })
}
