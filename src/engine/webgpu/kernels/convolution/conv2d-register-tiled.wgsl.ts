import { type FilterText, readMatrix, sharingLane, tapOf } from './filter-binding.ts'
import { list, unroll, wgsl } from '../wgsl.ts'

/**
 * Convolution of rows: forward at either stride, and backward-data at stride 1, which is the same with the taps
 * mirrored, the matrices transposed and the roles of input and output exchanged.
 *
 * A thread owns `pixels` neighbours in a row of the target, for `channels` channels. Lanes run over tiles of a row,
 * rows and images; workgroup_id.y is the channel block, so that every index of a weight is the same for all lanes.
 * For each tap row and 4 source channels it loads the source pixels under the tile once and uses them for every
 * horizontal tap.
 *
 * lavapipe decides how this is written. It unrolls loops whose length it knows, for minutes, so lengths come from
 * `dims`; and it compiles a store for as long as dozens of multiplications, so one loop over a copy of the sums stores
 * them all (half the compile time in all). All lanes go the same way to the end, because they may share weights: what
 * lies outside the source is nothing to them, and threads behind the last tile repeat it and store nothing.
 */
export type RegisterTiledVariant = FilterText & {
  readonly direction: 'forward' | 'backward-data'
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
  readonly pixels: number
  readonly channels: number
  /** Adds `bias`, one value a target channel. */
  readonly bias: boolean
}

export const REGISTER_TILED_WORKGROUP = 64

export function registerTiledWgsl(variant: RegisterTiledVariant): string {
  const { kernel, stride, pixels, channels, part, shared, bias } = variant
  const vectors = channels / 4
  const padding = (kernel - 1) / 2
  return wgsl`
@compute @workgroup_size(${REGISTER_TILED_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(workgroup_id) group: vec3u${sharingLane(shared)}) {
  let tile = min(thread.x, dims.tiles - 1u);
  let column = (tile % dims.tilesPerRow) * ${pixels}u;
  let targetRow = tile / dims.tilesPerRow;
  let row = targetRow % dims.targetHeight;
  let image = targetRow / dims.targetHeight;
  let block = group.y * ${vectors}u;
  let left = i32(column * ${stride}u) - ${padding};
${unroll(pixels * vectors, (i) => `  var sum${i} = vec4f();`)}
${part === 'filter' ? loopOverTapRows(variant) : unroll(kernel, (tapRow) => tapRowWgsl(variant, `${tapRow}u`, tapRow))}
  if (thread.x >= dims.tiles) { return; }
  var sums = array<vec4f, ${pixels * vectors}>(${list(pixels * vectors, (i) => `sum${i}`)});
  for (var p = 0u; p < min(${pixels}u, dims.targetWidth - column); p++) {
    let pixel = (targetRow * dims.targetWidth + column + p) * dims.targetVectors + block;
    for (var c = 0u; c < min(${vectors}u, dims.targetVectors - block); c++) {
      let before = select(vec4f(), vec4f(destination[pixel + c]), dims.accumulate == 1u);
      destination[pixel + c] = Destination(before + sums[p * ${vectors}u + c]${bias ? ' + bias[block + c]' : ''});
    }
  }
}
`
}

function loopOverTapRows(variant: RegisterTiledVariant): string {
  return wgsl`
  for (var tapRow = 0u; tapRow < dims.tapRows; tapRow++) {
    ${tapRowWgsl(variant, 'tapRow', null)}
  }`
}

/** @param fixed the tap row where the text is for one of them only */
function tapRowWgsl(variant: RegisterTiledVariant, tapRow: string, fixed: number | null): string {
  const { kernel, stride, pixels, channels } = variant
  const padding = (kernel - 1) / 2
  const columns = (pixels - 1) * stride + kernel
  return wgsl`
  {
    let sourceRow = i32(row * ${stride}u + ${tapRow}) - ${padding};
    let width = select(0u, dims.sourceWidth, u32(sourceRow) < dims.sourceHeight);
    // Wraps round where the tile begins outside, which is not used then.
    let first = ((image * dims.sourceHeight + u32(sourceRow)) * dims.sourceWidth + u32(left)) * dims.sourceVectors;
    for (var s = 0u; s < dims.sourceVectors; s++) {
${unroll(columns, (j) => `      let x${j} = ${sourcePixel(j)};`)}
${unroll(kernel, (tapColumn) =>
  unroll(channels / 4, (c) => multiplyTap(variant, tapRow, fixed, tapColumn, c)),
)}
    }
  }`
}

/** One comparison says it all, for what is left of the first pixel wraps round; `&&` would be a branch for each pixel. */
function sourcePixel(offset: number): string {
  const pixel = `vec4f(source[first + ${offset}u * dims.sourceVectors + s])`
  return `select(vec4f(), ${pixel}, u32(left + ${offset}) < width)`
}

function multiplyTap(
  variant: RegisterTiledVariant,
  tapRow: string,
  fixed: number | null,
  tapColumn: number,
  c: number,
): string {
  const { kernel, stride, pixels, channels, direction, part, shared } = variant
  const forward = direction === 'forward'
  const last = kernel - 1
  const filterColumn = forward ? tapColumn : last - tapColumn
  const filterRow =
    fixed === null ? (forward ? tapRow : `(${last}u - ${tapRow})`) : forward ? fixed : last - fixed
  const { variable, tap } = tapOf(part, kernel, filterRow, filterColumn)
  const matrix = forward
    ? `(${tap} * dims.sourceVectors + s) * dims.targetVectors + block + ${c}u`
    : `(${tap} * dims.targetVectors + block + ${c}u) * dims.sourceVectors + s`
  const name = `w${tapColumn}_${c}`
  return wgsl`      ${readMatrix(name, `${variable}[${matrix}]`, shared)}
${unroll(pixels, (p) => {
  const x = `x${p * stride + tapColumn}`
  return `      sum${p * (channels / 4) + c} += ${forward ? `${name} * ${x}` : `${x} * ${name}`};`
})}`
}
