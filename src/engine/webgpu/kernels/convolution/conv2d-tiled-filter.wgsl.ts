import { list, unroll, wgsl } from '../wgsl.ts'

/** Of the filter, in fours of channels; a thread owns one matrix of it. */
export type FilterTile = {
  readonly inputVectors: number
  readonly outputVectors: number
  /** Pixels staged at a time. */
  readonly pixels: number
  /** Groups of threads that share a stage's pixels; their sums are added at the end. */
  readonly groups: number
}

export type TiledFilterVariant = {
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
  readonly tile: FilterTile
}

const COLUMNS = ['x', 'y', 'z', 'w'] as const

/**
 * Backward-filter: for one tap (workgroup_id.y), Σ over the pixels of one split (workgroup_id.z) of input ⊗ output
 * gradient, for a tile of the filter (workgroup_id.x). A workgroup stages pixels of both in its memory; a thread owns
 * 4 × 4 channels. The groups' sums are added in their order: no float atomics, so the same numbers every time.
 */
export function tiledFilterWgsl({ kernel, stride, tile }: TiledFilterVariant): string {
  const { inputVectors, outputVectors, pixels, groups } = tile
  const matrices = inputVectors * outputVectors
  const threads = matrices * groups
  const padding = (kernel - 1) / 2
  return wgsl`
var<workgroup> inputTile: array<vec4f, ${pixels * inputVectors}>;
var<workgroup> gradientTile: array<vec4f, ${pixels * outputVectors}>;
var<workgroup> groupSums: array<vec4f, ${threads * 4}>;

@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u) {
  let inputBlock = group.x / dims.outputBlocks * ${inputVectors}u;
  let outputBlock = group.x % dims.outputBlocks * ${outputVectors}u;
  let tap = vec2i(vec2u(group.y % ${kernel}u, group.y / ${kernel}u)) - ${padding};
  let output = thread % ${outputVectors}u;
  let input = thread / ${outputVectors}u % ${inputVectors}u;
  let member = thread / ${matrices}u;
${unroll(4, (i) => `  var sum${i} = vec4f();`)}
  let end = min((group.z + 1u) * dims.pixelsPerSplit, dims.pixels);
  for (var first = group.z * dims.pixelsPerSplit; first < end; first += ${pixels}u) {
    workgroupBarrier();
    for (var slot = thread; slot < ${pixels * inputVectors}u; slot += ${threads}u) {
      let vector = inputBlock + slot % ${inputVectors}u;
      let pixel = first + slot / ${inputVectors}u;
      let place = vec2i(vec2u(pixel % dims.outWidth, pixel / dims.outWidth % dims.outHeight) * ${stride}u) + tap;
      let inside = all(place >= vec2i()) && all(place < vec2i(vec2u(dims.inWidth, dims.inHeight)))
        && pixel < end && vector < dims.inVectors;
      let row = pixel / (dims.outWidth * dims.outHeight) * dims.inHeight + u32(place.y);
      var value = vec4f();
      if (inside) { value = vec4f(input_pixels[(row * dims.inWidth + u32(place.x)) * dims.inVectors + vector]); }
      inputTile[slot] = value;
    }
    for (var slot = thread; slot < ${pixels * outputVectors}u; slot += ${threads}u) {
      let vector = outputBlock + slot % ${outputVectors}u;
      let pixel = first + slot / ${outputVectors}u;
      var value = vec4f();
      if (pixel < end && vector < dims.outVectors) { value = vec4f(gradient[pixel * dims.outVectors + vector]); }
      gradientTile[slot] = value;
    }
    workgroupBarrier();
    for (var pixel = member; pixel < ${pixels}u; pixel += ${groups}u) {
      let x = inputTile[pixel * ${inputVectors}u + input];
      let d = gradientTile[pixel * ${outputVectors}u + output];
${unroll(4, (i) => `      sum${i} += x.${COLUMNS[i] ?? 'x'} * d;`)}
    }
  }
${unroll(4, (i) => `  groupSums[thread * 4u + ${i}u] = sum${i};`)}
  workgroupBarrier();
  if (member > 0u || inputBlock + input >= dims.inVectors || outputBlock + output >= dims.outVectors) { return; }
  for (var other = 1u; other < ${groups}u; other++) {
    let start = (thread + other * ${matrices}u) * 4u;
${unroll(4, (i) => `    sum${i} += groupSums[start + ${i}u];`)}
  }
  let at = (group.z * ${kernel * kernel}u + group.y) * dims.inVectors + inputBlock + input;
  partials[at * dims.outVectors + outputBlock + output] = mat4x4f(${list(4, (i) => `sum${i}`)});
}
`
}
