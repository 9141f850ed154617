// How kernels that sum over pixels share them out. A workgroup has up to 64 vec4 of channels of one part of the pixels:
// each row of its threads adds up every n-th pixel, and the first row adds up the others' sums.
import type { Kernel } from '../../kernel.ts'
import { channelVectors } from '../../memory/layout.ts'
import { wgsl } from '../wgsl.ts'

/** Images whose channels are summed over images and pixels. */
export type ImagesShape = {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

const WORKGROUP = 64
/** Threads of the kernels that sum over pixels. */
const SUM_THREADS = 512
/** Fewer would not repay the partial sums. */
const LEAST_PIXELS_A_ROW = 16

function shareOf({ batch, height, width, channels }: ImagesShape) {
  const vectors = channelVectors(channels)
  const blocks = Math.ceil(vectors / WORKGROUP)
  const rows = Math.max(1, Math.floor(WORKGROUP / vectors))
  const most = Math.ceil((batch * height * width) / (rows * LEAST_PIXELS_A_ROW))
  return { vectors, blocks, rows, parts: Math.min(Math.ceil(SUM_THREADS / WORKGROUP / blocks), most) }
}

/** Partial sums of each channel. */
export function pixelParts(shape: ImagesShape): number {
  return shareOf(shape).parts
}

/** What kernels want to know of the parts, whether they make them or add them up. */
export function partDims(shape: ImagesShape) {
  const { vectors, rows, parts } = shareOf(shape)
  return { channelVectors: vectors, rows, parts, pixelsPerImage: shape.height * shape.width }
}

/** Of the kernels that make parts. */
export function partWorkgroups(shape: ImagesShape): Kernel['workgroups'] {
  const { blocks, parts } = shareOf(shape)
  return [blocks, parts, 1]
}

/** How many pixels of those that count belong to a row of threads, and to a part: row r, and part r ÷ rows, have pixels r + k·parts·rows. */
export const PIXEL_COUNTS = wgsl`
fn countedPixels() -> u32 { return step.images * dims.pixelsPerImage; }

fn pixelsOfRow(row: u32) -> f32 {
  let all = dims.parts * dims.rows;
  return f32((countedPixels() + all - 1u - row) / all);
}

fn pixelsOfPart(part: u32) -> f32 {
  let all = dims.parts * dims.rows;
  let first = part * dims.rows;
  let rest = min(max(countedPixels() % all, first) - first, dims.rows);
  return f32(countedPixels() / all * dims.rows + rest);
}
`

/**
 * A kernel that makes parts. Its text may use `channel`, `pixels` (those that count), and in `each` the index `i` of the
 * channel's vec4 of a pixel.
 */
export function partsWgsl({
  declarations = '',
  before,
  each,
  keep,
  merge,
}: {
  /** At module scope, e.g. workgroup memory with an element a thread. */
  readonly declarations?: string
  /** Before a row's first pixel; `first` is that pixel's index `i`, or the last counted pixel's where the row has none. */
  readonly before: string
  readonly each: string
  /** Leaves a row's sums in workgroup memory at [local]. \`row\` is its number among all rows. */
  readonly keep: string
  /** Merges the rows of a part, which lie at [lane + k * lanes], k < dims.rows, and writes the part's sums. */
  readonly merge: string
}): string {
  return wgsl`
${declarations}
${PIXEL_COUNTS}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let lanes = min(dims.channelVectors, ${WORKGROUP}u);
  let lane = local % lanes;
  let channel = group.x * ${WORKGROUP}u + lane;
  let part = group.y;
  let row = part * dims.rows + local / lanes;
  let works = local / lanes < dims.rows && channel < dims.channelVectors;
  if (works) {
    let pixels = countedPixels();
    let first = min(row, pixels - 1u) * dims.channelVectors + channel;
    ${before}
    for (var pixel = row; pixel < pixels; pixel += dims.parts * dims.rows) {
      let i = pixel * dims.channelVectors + channel;
      ${each}
    }
    ${keep}
  }
  workgroupBarrier();
  if (works && local < lanes) {
    ${merge}
  }
}
`
}
