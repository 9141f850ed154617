import { sharingLane } from './filter-binding.ts'
import { list, unroll, wgsl } from '../wgsl.ts'

/**
 * Backward-filter: for every tap, Σ over pixels of input ⊗ output gradient.
 *
 * A thread owns one tap row (all its taps), 4 input channels and `channels` output channels, and slides along the
 * rows of its split, keeping the input pixels under the taps in registers. Lanes run over input channels, then output
 * channel blocks, tap rows and splits. Splits write partial sums, which `sumPartials` adds in order: no float
 * atomics, so the same numbers every time.
 *
 * `shared`: four neighbouring threads are a quad of a subgroup and differ in their input channels only. Each then loads
 * one of the four vectors of the output gradient that all of them need: up to 1.2 times faster on SwiftShader, 1.2 to 1.7
 * times on llvmpipe (16, 32 and 64 channels, batch 8).
 */
export type FilterVariant = {
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
  readonly channels: number
  readonly shared: boolean
}

export const FILTER_WORKGROUP = 32

const COLUMNS = ['x', 'y', 'z', 'w'] as const

export function filterWgsl(variant: FilterVariant): string {
  const { kernel, stride, channels, shared } = variant
  const vectors = channels / 4
  const padding = (kernel - 1) / 2
  return wgsl`
@compute @workgroup_size(${FILTER_WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u${sharingLane(shared)}) {
  let input = thread.x % dims.inVectors;
  let block = (thread.x / dims.inVectors) % dims.blocks * ${vectors}u;
  let unit = thread.x / (dims.inVectors * dims.blocks);
  let tapRow = unit % ${kernel}u;
  let split = unit / ${kernel}u;
  if (split >= dims.splits) { return; }
${unroll(kernel * vectors * 4, (i) => `  var sum${i} = vec4f();`)}
  let last = min((split + 1u) * dims.rowsPerSplit, dims.rows);
  for (var row = split * dims.rowsPerSplit; row < last; row++) {
    let inRow = i32(row % dims.outHeight * ${stride}u + tapRow) - ${padding};
    if (u32(inRow) < dims.inHeight) {
      let start = (row / dims.outHeight * dims.inHeight + u32(inRow)) * dims.inWidth;
      ${slide(variant)}
    }
  }
  var sums = array<mat4x4f, ${kernel * vectors}>(${list(kernel * vectors, matrix)});
  for (var tap = 0u; tap < dims.tapColumns; tap++) {
    let tapIndex = split * ${kernel * kernel}u + tapRow * ${kernel}u + tap;
    let at = (tapIndex * dims.inVectors + input) * dims.outVectors + block;
    for (var c = 0u; c < min(${vectors}u, dims.outVectors - block); c++) {
      partials[at + c] = sums[tap * ${vectors}u + c];
    }
  }
}
`
}

function matrix(index: number): string {
  return `mat4x4f(${list(4, (i) => `sum${index * 4 + i}`)})`
}

function slide({ kernel, stride, channels, shared }: FilterVariant): string {
  const vectors = channels / 4
  const pixel = (column: string) => `vec4f(input_pixels[(start + ${column}) * dims.inVectors + input])`
  const guarded = (column: string) => `select(vec4f(), ${pixel(column)}, ${column} < dims.inWidth)`
  const begin =
    kernel === 1 ? '' : stride === 1 ? `var x0 = vec4f(); var x1 = ${pixel('0u')};` : 'var x0 = vec4f();'
  const load =
    kernel === 1
      ? `let x0 = ${pixel(`column * ${stride}u`)};`
      : stride === 1
        ? `let x2 = ${guarded('(column + 1u)')};`
        : `let x1 = ${pixel('2u * column')}; let x2 = ${guarded('(2u * column + 1u)')};`
  const advance = kernel === 1 ? '' : stride === 1 ? 'x0 = x1; x1 = x2;' : 'x0 = x2;'
  return wgsl`${begin}
      for (var column = 0u; column < dims.outWidth; column++) {
        let at = (row * dims.outWidth + column) * dims.outVectors + block;
        ${load}
${shared ? sharedGradient(vectors) : unroll(vectors, (c) => `        let d${c} = vec4f(gradient[at + ${c}u]);`)}
${unroll(kernel, (tap) =>
  unroll(vectors, (c) =>
    unroll(4, (i) => `        sum${(tap * vectors + c) * 4 + i} += x${tap}.${COLUMNS[i] ?? 'x'} * d${c};`),
  ),
)}
        ${advance}
      }`
}

function sharedGradient(vectors: number): string {
  return wgsl`        let own = vec4f(gradient[at + lane % ${vectors}u]);
${unroll(vectors, (c) => `        let d${c} = quadBroadcast(own, ${c}u);`)}`
}
