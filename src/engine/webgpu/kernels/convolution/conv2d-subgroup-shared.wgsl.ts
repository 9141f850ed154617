import { type FilterText, readMatrix, sharingLane, tapOf } from './filter-binding.ts'
import { list, unroll, wgsl } from '../wgsl.ts'

/**
 * Backward-data of a convolution with stride 2. The target's pixels fall into four phases by the parity of row and
 * column, and each phase sees its own taps; a quad is one pixel of each phase.
 *
 * A thread owns `pixels` neighbouring quads in a row, for 4 channels; workgroup_id.y is the channel block. Of the
 * source it loads the row of the quads and the row below, `pixels` + 1 columns each. All lanes go the same way to the
 * end, because they may share weights.
 */
export type SubgroupSharedVariant = FilterText & {
  readonly kernel: 1 | 3
  readonly pixels: number
}

export const SUBGROUP_SHARED_WORKGROUP = 64

export function subgroupSharedWgsl(variant: SubgroupSharedVariant): string {
  const { kernel, pixels, shared } = variant
  return wgsl`
@compute @workgroup_size(${SUBGROUP_SHARED_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(workgroup_id) group: vec3u${sharingLane(shared)}) {
  let tile = min(thread.x, dims.tiles - 1u);
  let column = (tile % dims.tilesPerRow) * ${pixels}u;
  let sourceRow = tile / dims.tilesPerRow;
  let row = sourceRow % dims.sourceHeight;
  let image = sourceRow / dims.sourceHeight;
  let channel = group.y;
  let start = sourceRow * dims.sourceWidth;
  let widthBelow = select(0u, dims.sourceWidth, row + 1u < dims.sourceHeight);
${unroll(4 * pixels, (i) => `  var sum${i} = vec4f();`)}
  for (var s = 0u; s < dims.sourceVectors; s++) {
${unroll(kernel === 3 ? 2 : 1, (below) => unroll(pixels + 1, (j) => `    let x${below}_${j} = ${sourcePixel(below, j)};`))}
${unroll(kernel * kernel, (tap) => multiplyTap(variant, tap))}
  }
  if (thread.x >= dims.tiles) { return; }
  var sums = array<vec4f, ${4 * pixels}>(${list(4 * pixels, (i) => `sum${i}`)});
  for (var y = 2u * row; y < min(2u * row + 2u, dims.targetHeight); y++) {
    for (var x = 2u * column; x < min(2u * (column + ${pixels}u), dims.targetWidth); x++) {
      let phase = (y & 1u) * 2u + (x & 1u);
      let at = ((image * dims.targetHeight + y) * dims.targetWidth + x) * dims.targetVectors + channel;
      let before = select(vec4f(), vec4f(destination[at]), dims.accumulate == 1u);
      destination[at] = Destination(before + sums[phase * ${pixels}u + x / 2u - column]);
    }
  }
}
`
}

function sourcePixel(below: number, j: number): string {
  const width = below === 0 ? 'dims.sourceWidth' : 'widthBelow'
  const first = below === 0 ? 'start' : 'start + dims.sourceWidth'
  return `select(vec4f(), vec4f(source[(${first} + column + ${j}u) * dims.sourceVectors + s]), column + ${j}u < ${width})`
}

/** Along one axis, source pixel q and tap k reach target pixel 2q + k − 1 (kernel 3) or 2q (kernel 1). */
function reach(tap: number, kernel: 1 | 3): { odd: number; next: number } {
  if (kernel === 1) return { odd: 0, next: 0 }
  return { odd: tap === 1 ? 0 : 1, next: tap === 0 ? 1 : 0 }
}

function multiplyTap({ kernel, pixels, part, shared }: SubgroupSharedVariant, tap: number): string {
  const tapRow = Math.floor(tap / kernel)
  const vertical = reach(tapRow, kernel)
  const horizontal = reach(tap % kernel, kernel)
  const phase = vertical.odd * 2 + horizontal.odd
  const weights = tapOf(part, kernel, tapRow, tap % kernel)
  const matrix = `${weights.variable}[(${weights.tap} * dims.targetVectors + channel) * dims.sourceVectors + s]`
  return wgsl`    ${readMatrix(`w${tap}`, matrix, shared)}
${unroll(pixels, (p) => `    sum${phase * pixels + p} += x${vertical.next}_${p + horizontal.next} * w${tap};`)}`
}
