// Convolutions and the gradients of their inputs; linear layers are convolutions of a single pixel.
import type { OperationOf } from '../../compiler/program.ts'
import { clearBorder, imagesArguments } from './images.ts'
import { firstTap, geometryOf, moved } from './convolution-geometry.ts'
import { filterBytes, type FilterLayout, FLOAT_BYTES, LANE_BYTES, LANES } from '../memory/layout.ts'
import type { Images, Lowering } from './lowering.ts'
import { suitsWinograd, winogradScratchBytes, winogradWeightBytes } from './winograd.ts'
import { type Argument, callOf, type Pointer } from './work.ts'

export function lowerConvolution(
  lowering: Lowering,
  operation: OperationOf<'conv2d'> | OperationOf<'dense'>,
): void {
  const { reads, writes, bias } = operation
  const { filter, stride, flops, name } = geometryOf(lowering, operation, writes.y)
  const { kernel, storedIn, storedOut } = filter
  const [source, target] = [lowering.images(reads.x), lowering.images(writes.y)]
  const { layout } = source
  clearBorder(lowering, operation, target)
  if (suitsWinograd(filter, stride, target.layout)) {
    return emitWinograd(lowering, operation, filter, {
      source,
      target,
      bias: bias === null ? 0 : lowering.parameter(bias),
      transposed: false,
      accumulate: false,
      about: { label: `${name} forward`, flops },
    })
  }
  const tapRow = kernel * storedIn
  lowering.emit(
    operation,
    'convolution',
    {
      x: firstTap(source, kernel),
      xImage: layout.image,
      xRow: stride * layout.row,
      xPixel: stride * layout.pixel,
      ...imagesArguments('y', target),
      yPixel: target.layout.pixel,
      weights: lowering.parameter(operation.weight),
      blockBytes: filterBytes(filter) / (storedOut / LANES),
      bias: bias === null ? 0 : lowering.parameter(bias),
      rows: target.layout.height,
      cols: target.layout.width,
      blocks: storedOut / LANES,
      ...runsArguments(
        lowering,
        Array.from({ length: kernel }, (_, i) => ({
          input: i * layout.row,
          weights: i * tapRow * LANE_BYTES,
          bytes: tapRow * FLOAT_BYTES,
        })),
      ),
      accumulate: 0,
    },
    { label: `${name} forward`, flops },
  )
}

export function lowerConvolutionInputGradient(
  lowering: Lowering,
  operation: OperationOf<'conv2dInputGradient'> | OperationOf<'denseInputGradient'>,
): void {
  const { reads, writes } = operation
  const { filter, stride, flops, name } = geometryOf(lowering, operation, reads.dy)
  const { kernel, storedIn, storedOut } = filter
  const [source, target] = [lowering.images(reads.dy), lowering.images(writes.dx)]
  const accumulate = 'addend' in reads && reads.addend !== undefined
  if (!accumulate) clearBorder(lowering, operation, target)
  if (suitsWinograd(filter, stride, target.layout)) {
    return emitWinograd(lowering, operation, filter, {
      source,
      target,
      bias: 0,
      transposed: true,
      accumulate,
      about: { label: `${name} backward-data`, flops },
    })
  }
  const transposed = transposedWeights(lowering, operation, filter)
  const blocks = storedIn / LANES
  const common = {
    xImage: source.layout.image,
    xRow: source.layout.row,
    xPixel: source.layout.pixel,
    yImage: target.layout.image,
    weights: transposed,
    blockBytes: filterBytes(filter) / blocks,
    bias: 0,
    blocks,
    accumulate: Number(accumulate),
  }
  if (stride === 1) {
    const tapRow = kernel * storedOut
    return lowering.emit(
      operation,
      'convolution',
      {
        ...common,
        x: firstTap(source, kernel),
        y: target.at,
        yRow: target.layout.row,
        yPixel: target.layout.pixel,
        rows: target.layout.height,
        cols: target.layout.width,
        ...runsArguments(
          lowering,
          Array.from({ length: kernel }, (_, i) => ({
            input: i * source.layout.row,
            weights: i * tapRow * LANE_BYTES,
            bytes: tapRow * FLOAT_BYTES,
          })),
        ),
      },
      { label: `${name} backward-data`, flops },
    )
  }
  // Of every 2×2 pixels of the input each has other taps: one of 3×3 has the middle one, two have two, one has the corners.
  for (const [down, right] of PHASES) {
    const taps = tapsOfPhase(kernel, down).flatMap((row) =>
      tapsOfPhase(kernel, right).map((column) => ({ row, column })),
    )
    if (taps.length === 0 && accumulate) continue
    lowering.emit(
      operation,
      'convolution',
      {
        ...common,
        x: source.at,
        y: moved(target.at, down * target.layout.row + right * target.layout.pixel),
        yRow: 2 * target.layout.row,
        yPixel: 2 * target.layout.pixel,
        rows: Math.ceil((target.layout.height - down) / 2),
        cols: Math.ceil((target.layout.width - right) / 2),
        ...runsArguments(
          lowering,
          taps.map(({ row, column }) => ({
            input: row.ahead * source.layout.row + column.ahead * source.layout.pixel,
            // The transposed weights begin with the last tap.
            weights: (kernel ** 2 - 1 - (row.tap * kernel + column.tap)) * storedOut * LANE_BYTES,
            bytes: storedOut * FLOAT_BYTES,
          })),
        ),
      },
      { label: `${name} backward-data`, flops: (flops * taps.length) / kernel ** 2 },
    )
  }
}

type WinogradPass = {
  readonly source: Images
  readonly target: Images
  readonly bias: Argument
  /** Whether it is the gradient of the input. */
  readonly transposed: boolean
  readonly accumulate: boolean
  readonly about: { readonly label: string; readonly flops: number }
}

/** The weights are transformed in the stage before. */
function emitWinograd(
  lowering: Lowering,
  operation:
    | OperationOf<'conv2d'>
    | OperationOf<'dense'>
    | OperationOf<'conv2dInputGradient'>
    | OperationOf<'denseInputGradient'>,
  filter: FilterLayout,
  { source, target, bias, transposed, accumulate, about }: WinogradPass,
): void {
  const { storedIn, storedOut } = filter
  const [inChannels, outChannels] = transposed ? [storedOut, storedIn] : [storedIn, storedOut]
  const transformed = lowering.shared(winogradWeightBytes(filter), `transformed ${operation.weight}`)
  lowering.spread(operation, -1, {
    units: outChannels / LANES,
    chunkUnits: 1,
    calls: [
      callOf('winogradWeights', {
        weights: lowering.parameter(operation.weight),
        transformed,
        inChannels: storedIn,
        outChannels: storedOut,
        transposed: Number(transposed),
      }),
    ],
  })
  lowering.emit(
    operation,
    'winograd',
    {
      x: firstTap(source, 3),
      xImage: source.layout.image,
      xRow: source.layout.row,
      xPixel: source.layout.pixel,
      ...imagesArguments('y', target),
      yPixel: target.layout.pixel,
      weights: transformed,
      bias,
      scratch: lowering.own(winogradScratchBytes(filter), `tiles of ${operation.weight}`),
      rows: target.layout.height,
      cols: target.layout.width,
      inChannels,
      outChannels,
      accumulate: Number(accumulate),
    },
    about,
  )
}

const PHASES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const

/** Taps, in one direction, that lead from an output pixel to the input's even or odd ones, and how far ahead that output is. */
function tapsOfPhase(kernel: 1 | 3, odd: 0 | 1): readonly { tap: number; ahead: number }[] {
  if (kernel === 1) return odd ? [] : [{ tap: 0, ahead: 0 }]
  return odd
    ? [
        { tap: 2, ahead: 0 },
        { tap: 0, ahead: 1 },
      ]
    : [{ tap: 1, ahead: 0 }]
}

/** Input channels of a chunk, in eights. */
const TRANSPOSED_BLOCKS = 1

/** Made in the stage before they are read. */
function transposedWeights(
  lowering: Lowering,
  operation: OperationOf<'conv2dInputGradient'> | OperationOf<'denseInputGradient'>,
  filter: FilterLayout,
): Pointer {
  const transposed = lowering.shared(filterBytes(filter), `transposed ${operation.weight}`)
  lowering.spread(operation, -1, {
    units: filter.storedIn / LANES,
    chunkUnits: TRANSPOSED_BLOCKS,
    calls: [
      callOf('transpose', {
        weights: lowering.parameter(operation.weight),
        transposed,
        taps: filter.kernel ** 2,
        inChannels: filter.storedIn,
        outChannels: filter.storedOut,
      }),
    ],
  })
  return transposed
}

type Run = {
  /** Bytes from an output pixel's first input to this run's. */
  readonly input: number
  /** Bytes into a block's weights. */
  readonly weights: number
  /** Of input. */
  readonly bytes: number
}

function runsArguments(lowering: Lowering, runs: readonly Run[]) {
  const words = runs.flatMap(({ input, weights, bytes }) => [input, weights, bytes])
  return { runs: lowering.table(words), runCount: runs.length }
}
