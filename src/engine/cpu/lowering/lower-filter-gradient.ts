// The gradients of filters and biases: sums over all images.
import type { OperationOf } from '../../compiler/program.ts'
import { firstTap, geometryOf } from './convolution-geometry.ts'
import { imagesArguments } from './images.ts'
import { filterBytes, type FilterLayout, FLOAT_BYTES, LANES } from '../memory/layout.ts'
import { type Lowering, stretches } from './lowering.ts'
import {
  productUnits,
  suitsWinograd,
  sumsByChunk,
  tileBytes,
  tilePlaneBytes,
  winogradGradientScratchBytes,
  winogradWeightBytes,
} from './winograd.ts'
import { callOf, type Pointer } from './work.ts'

export function lowerFilterGradient(
  lowering: Lowering,
  operation: OperationOf<'conv2dWeightGradient'> | OperationOf<'denseWeightGradient'>,
): void {
  const { reads } = operation
  const { filter, stride, flops, name } = geometryOf(lowering, operation, reads.dy)
  const { kernel, storedIn, storedOut } = filter
  const [source, gradient] = [lowering.images(reads.x), lowering.images(reads.dy)]
  const about = { label: `${name} backward-filter`, flops }
  const isWinograd = suitsWinograd(filter, stride, gradient.layout)
  if (isWinograd && !sumsByChunk(filter)) return emitSumsOfAllTiles(lowering, operation, filter, about)
  const shared = {
    x: firstTap(source, kernel),
    xImage: source.layout.image,
    xRow: stride * source.layout.row,
    xPixel: stride * source.layout.pixel,
    ...imagesArguments('dy', gradient),
    dyPixel: gradient.layout.pixel,
    ...partialSums(lowering, operation, operation.weight, filterBytes(filter)),
    rows: gradient.layout.height,
    cols: gradient.layout.width,
  }
  if (isWinograd) {
    const scratch = lowering.own(winogradGradientScratchBytes(filter), `tiles of ${name}`)
    const args = { ...shared, scratch, inChannels: storedIn, outChannels: storedOut }
    lowering.emit(operation, 'winogradFilterGradient', args, about)
  } else {
    const args = {
      ...shared,
      kernel,
      tapRow: source.layout.row,
      tapPixel: source.layout.pixel,
      channels: storedIn,
      blocks: storedOut / LANES,
    }
    lowering.emit(operation, 'filterGradient', args, about)
  }
  if (operation.op === 'denseWeightGradient' && operation.bias !== null) {
    lowerBiasGradient(lowering, operation, operation.bias)
  }
}

/**
 * Where a filter is so large that a sum for each chunk of images would take more memory than the images: the chunks leave
 * transformed tiles, the next stage sums their products over all images, the one after it makes the gradient of them.
 */
function emitSumsOfAllTiles(
  lowering: Lowering,
  operation: OperationOf<'conv2dWeightGradient'> | OperationOf<'denseWeightGradient'>,
  filter: FilterLayout,
  { label, flops }: { readonly label: string; readonly flops: number },
): void {
  const { storedIn, storedOut } = filter
  const [source, gradient] = [lowering.images(operation.reads.x), lowering.images(operation.reads.dy)]
  const { height, width } = gradient.layout
  const tilesPerImage = (height / 2) * (width / 2)
  const tiles = lowering.context.batch * tilesPerImage
  const inputTiles = lowering.shared(tileBytes(tiles, storedIn), `input tiles of ${operation.weight}`)
  const gradientTiles = lowering.shared(tileBytes(tiles, storedOut), `gradient tiles of ${operation.weight}`)
  const sides = { rows: height, cols: width }
  lowering.emit(operation, 'winogradInputTiles', {
    x: firstTap(source, 3),
    xImage: source.layout.image,
    xRow: source.layout.row,
    xPixel: source.layout.pixel,
    tiles: inputTiles,
    planeBytes: tilePlaneBytes(tiles, storedIn),
    ...sides,
    channels: storedIn,
  })
  lowering.emit(operation, 'winogradGradientTiles', {
    ...imagesArguments('x', gradient),
    xPixel: gradient.layout.pixel,
    tiles: gradientTiles,
    planeBytes: tilePlaneBytes(tiles, storedOut),
    ...sides,
    channels: storedOut,
  })
  const args = {
    inputTiles,
    inputPlane: tilePlaneBytes(tiles, storedIn),
    gradientTiles,
    gradientPlane: tilePlaneBytes(tiles, storedOut),
    sums: lowering.shared(winogradWeightBytes(filter), `sums of ${operation.weight}`),
    gradient: lowering.gradient(operation.weight),
    tilesPerImage,
    inChannels: storedIn,
    outChannels: storedOut,
  }
  lowering.spread(operation, 1, {
    units: productUnits(filter),
    chunkUnits: 1,
    calls: [callOf('winogradSums', args, { label, flops })],
  })
  lowering.spread(operation, 2, {
    units: storedOut / LANES,
    chunkUnits: 1,
    calls: [callOf('winogradFilter', args)],
  })
}

export function lowerBiasGradient(
  lowering: Lowering,
  operation: OperationOf<'conv2dBiasGradient'> | OperationOf<'denseWeightGradient'>,
  bias: string,
): void {
  const gradient = lowering.images(operation.reads.dy)
  const { height, width, channels } = gradient.layout
  lowering.emit(operation, 'channelSums', {
    ...imagesArguments('dy', gradient),
    rows: height,
    cols: width,
    channels,
    ...partialSums(lowering, operation, bias, channels * FLOAT_BYTES),
  })
}

/** Stretches of a gradient in a chunk of the work that adds up its partial sums. */
const SUMMED_STRETCHES = 16

/** Each chunk of images leaves a sum; the next stage adds them up in the chunks' order. */
function partialSums(
  lowering: Lowering,
  operation: Parameters<Lowering['chunks']>[0],
  parameter: string,
  bytes: number,
): { partials: Pointer; partialBytes: number } {
  const chunks = lowering.chunks(operation)
  const partials = lowering.shared(chunks.count * bytes, `partial sums of the gradient of ${parameter}`)
  lowering.spread(operation, 1, {
    units: stretches(bytes),
    chunkUnits: SUMMED_STRETCHES,
    calls: [
      callOf('sumPartials', {
        partials,
        partialBytes: bytes,
        chunkImages: chunks.images,
        gradient: lowering.gradient(parameter),
        gradientBytes: bytes,
      }),
    ],
  })
  return { partials, partialBytes: bytes }
}
