import { IMAGE_BYTES, IMAGE_SIDE } from '../../../base/data-set.ts'
import type { OperationOf } from '../../compiler/program.ts'
import type { ImageNormalisation } from '../../engine.ts'
import { clearBorder, imagesArguments } from './images.ts'
import { FLOAT_BYTES, LANES } from '../memory/layout.ts'
import type { Lowering } from './lowering.ts'
import { WHITENING_MATRIX_BYTES } from '../memory/network-layout.ts'
import { callOf } from './work.ts'

/** How assembly/images.ts calls what is subtracted from a pixel. */
const CENTRES = { channels: 0, 'image-mean': 1, 'pixel-mean': 2 } as const satisfies Record<
  ImageNormalisation['kind'],
  number
>
const PIXEL_BYTES = 3 * FLOAT_BYTES

export function lowerDecode(lowering: Lowering, operation: OperationOf<'decode'>): void {
  const { area, context } = lowering
  const target = lowering.images(operation.writes.y)
  const source = {
    pixels: area('pixels'),
    words: area('words'),
    rotations: area('rotations'),
    table: area('normalised'),
    centre: CENTRES[context.normalisation.kind],
  }
  clearBorder(lowering, operation, target)
  if (context.whitening) return lowerWhitened(lowering, operation, source)
  lowering.emit(operation, 'decode', {
    ...source,
    ...imagesArguments('y', target),
    yPixel: target.layout.pixel,
  })
}

/** Output values of a chunk: a strip of the matrix that is read once for all images. */
const WHITENED_BLOCKS = 8

/** Three values a pixel, the matrix, and then the pixels as the network takes them. The first two have stages of their own. */
function lowerWhitened(
  lowering: Lowering,
  operation: OperationOf<'decode'>,
  source: {
    readonly [name in 'pixels' | 'words' | 'rotations' | 'table']: ReturnType<Lowering['area']>
  } & { readonly centre: number },
): void {
  const { area, context, shared } = lowering
  const values = shared(context.batch * IMAGE_BYTES * FLOAT_BYTES, 'images to whiten')
  const whitened = shared(context.batch * IMAGE_BYTES * FLOAT_BYTES, 'whitened images')
  const image = IMAGE_BYTES * FLOAT_BYTES
  lowering.spread(operation, -2, {
    units: 'images',
    chunkUnits: 1,
    calls: [
      callOf('decode', {
        ...source,
        y: values,
        yImage: image,
        yRow: IMAGE_SIDE * PIXEL_BYTES,
        yPixel: PIXEL_BYTES,
      }),
    ],
  })
  lowering.spread(operation, -1, {
    units: IMAGE_BYTES / LANES,
    chunkUnits: WHITENED_BLOCKS,
    calls: [
      callOf(
        'whiten',
        {
          x: values,
          y: whitened,
          matrix: area('whitening'),
          mean: area('whitening', WHITENING_MATRIX_BYTES),
          values: IMAGE_BYTES,
        },
        { flops: 2 * IMAGE_BYTES ** 2 },
      ),
    ],
  })
  lowering.emit(operation, 'spread', {
    x: whitened,
    ...imagesArguments('y', lowering.images(operation.writes.y)),
  })
}
