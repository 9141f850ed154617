import { list, unroll, wgsl } from '../wgsl.ts'

/** How a workgroup shares the work: `pixelThreads` × `channelThreads` threads, each with a tile of its own. */
export type ImageTile = {
  /** Pixels a thread. */
  readonly pixels: number
  /** Output channels a thread, in fours. */
  readonly vectors: number
  readonly pixelThreads: number
  readonly channelThreads: number
  /** Source channels that are staged at a time, in fours. */
  readonly depth: number
}

export type TiledVariant = {
  readonly direction: 'forward' | 'backward-data'
  readonly kernel: 1 | 3
  readonly stride: 1 | 2
  readonly tile: ImageTile
  /** `bias` is added, one value a target channel. */
  readonly bias: boolean
}

export const tilePixels = ({ pixels, pixelThreads }: ImageTile): number => pixels * pixelThreads
export const tileVectors = ({ vectors, channelThreads }: ImageTile): number => vectors * channelThreads
const threadsOf = ({ pixelThreads, channelThreads }: ImageTile): number => pixelThreads * channelThreads

/**
 * Convolution as a product of matrices that are never made: rows are the target's pixels of all images, columns its
 * channels, and the sum runs over taps and source channels. A workgroup stages the source pixels and the weights of one
 * tap and `depth` × 4 channels in its memory, and every thread multiplies its own tile from there.
 *
 * Backward-data runs the taps backwards over the gradient; at stride 2 the target's pixels fall into four phases by the
 * parity of row and column (workgroup_id.z), and each phase sees only the taps that reach it.
 */
export function tiledWgsl(variant: TiledVariant): string {
  const { kernel, tile } = variant
  const threads = threadsOf(tile)
  const pixels = tilePixels(tile)
  const vectors = tileVectors(tile)
  const phases = phasesOf(variant)
  const padding = (kernel - 1) / 2
  const sourceLoads = Math.ceil((tile.depth * pixels) / threads)
  return wgsl`
var<workgroup> sourceTile: array<vec4f, ${tile.depth * pixels}>;
var<workgroup> weightTile: array<vec4f, ${tile.depth * vectors * 4}>;

@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3u) {
  let lane = thread % ${tile.channelThreads}u;
  let line = thread / ${tile.channelThreads}u;
  let block = group.y * ${vectors}u;
  let phase = vec2u(group.z % ${phases}u, group.z / ${phases}u);
  let size = (vec2u(dims.targetWidth, dims.targetHeight) + ${phases - 1}u - phase) / ${phases}u;
  let pixelCount = dims.batch * size.x * size.y;
  let firstPixel = group.x * ${pixels}u;
${unroll(sourceLoads, (i) => placeOfLoad(variant, i))}
${unroll(tile.pixels * tile.vectors, (i) => `  var sum${i} = vec4f();`)}
  for (var tapRow = ${firstTap(phases, 'y', padding)}; tapRow < dims.kernel; tapRow += ${phases}u) {
    let rowOffset = ${offset(variant, 'y', 'tapRow')};
    for (var tapColumn = ${firstTap(phases, 'x', padding)}; tapColumn < dims.kernel; tapColumn += ${phases}u) {
      let columnOffset = ${offset(variant, 'x', 'tapColumn')};
      let tap = tapRow * dims.kernel + tapColumn;
      for (var depth = 0u; depth < dims.sourceVectors; depth += ${tile.depth}u) {
        workgroupBarrier();
${unroll(sourceLoads, (i) => loadSource(tile, i))}
${unroll(Math.ceil((tile.depth * vectors * 4) / threads), (i) => loadWeight(variant, i))}
        workgroupBarrier();
        for (var d = 0u; d < dims.depth; d++) {
${multiply(variant)}
        }
      }
    }
  }
${unroll(tile.pixels, (p) => store(variant, p))}
}
`
}

/** Along one axis: 2 where every second target pixel sees other taps. */
export function phasesOf({ direction, stride }: Pick<TiledVariant, 'direction' | 'stride'>): 1 | 2 {
  return direction === 'backward-data' ? stride : 1
}

function firstTap(phases: 1 | 2, axis: 'x' | 'y', padding: number): string {
  return phases === 1 ? '0u' : `(phase.${axis} + ${padding}u) % 2u`
}

/** From a target pixel's place (times the stride, forward) to the source pixel's under a tap. */
function offset(variant: TiledVariant, axis: 'x' | 'y', tap: string): string {
  const padding = (variant.kernel - 1) / 2
  if (variant.direction === 'forward') return `i32(${tap}) - ${padding}`
  return phasesOf(variant) === 1
    ? `${padding} - i32(${tap})`
    : `(i32(phase.${axis}) + ${padding} - i32(${tap})) / 2`
}

/** Which source pixel, before the tap's offset, this thread stages with its i-th load. */
function placeOfLoad({ direction, stride, tile }: TiledVariant, i: number): string {
  const step = direction === 'forward' ? stride : 1
  return wgsl`
  let slot${i} = thread + ${i * threadsOf(tile)}u;
  let pixel${i} = firstPixel + slot${i} / ${tile.depth}u;
  let image${i} = pixel${i} / (size.x * size.y);
  let place${i} = vec2i(vec2u(pixel${i} % size.x, pixel${i} / size.x % size.y) * ${step}u);`
}

function loadSource(tile: ImageTile, i: number): string {
  const slots = tile.depth * tilePixels(tile)
  const body = wgsl`
          let position = place${i} + vec2i(columnOffset, rowOffset);
          let vector = depth + slot${i} % ${tile.depth}u;
          let inside = all(position >= vec2i()) && all(position < vec2i(vec2u(dims.sourceWidth, dims.sourceHeight)))
            && pixel${i} < pixelCount && vector < dims.sourceVectors;
          let at = ((image${i} * dims.sourceHeight + u32(position.y)) * dims.sourceWidth + u32(position.x)) * dims.sourceVectors;
          var value = vec4f();
          if (inside) { value = vec4f(source[at + vector]); }
          sourceTile[slot${i} % ${tile.depth}u * ${tilePixels(tile)}u + slot${i} / ${tile.depth}u] = value;`
  return guard(`slot${i}`, slots, (i + 1) * threadsOf(tile), body)
}

/** Neighbouring threads load neighbouring columns of matrices that lie one behind the other. */
function loadWeight({ direction, tile }: TiledVariant, i: number): string {
  const vectors = tileVectors(tile)
  const matrices = tile.depth * vectors
  const forward = direction === 'forward'
  const [d, n] = forward
    ? [`slot / ${4 * vectors}u`, `slot / 4u % ${vectors}u`]
    : [`slot / 4u % ${tile.depth}u`, `slot / ${4 * tile.depth}u`]
  const matrix = forward
    ? '(tap * dims.sourceVectors + s) * dims.targetVectors + t'
    : '(tap * dims.targetVectors + t) * dims.sourceVectors + s'
  const body = wgsl`
          let d = ${d};
          let n = ${n};
          let s = depth + d;
          let t = block + n;
          var value = vec4f();
          if (s < dims.sourceVectors && t < dims.targetVectors) { value = weights[(${matrix}) * 4u + slot % 4u]; }
          weightTile[(d * ${vectors}u + n) * 4u + slot % 4u] = value;`
  return wgsl`        {
          let slot = thread + ${i * threadsOf(tile)}u;
${guard('slot', matrices * 4, (i + 1) * threadsOf(tile), body)}
        }`
}

function guard(slot: string, slots: number, most: number, body: string): string {
  return `        ${most > slots ? `if (${slot} < ${slots}u) ` : ''}{${body}\n        }`
}

function multiply({ direction, tile }: TiledVariant): string {
  const vectors = tileVectors(tile)
  const lines = [
    unroll(
      tile.pixels,
      (p) => `          let x${p} = sourceTile[d * ${tilePixels(tile)}u + line + ${p * tile.pixelThreads}u];`,
    ),
    unroll(tile.vectors, (n) => {
      const first = `(d * ${vectors}u + lane + ${n * tile.channelThreads}u) * 4u`
      return `          let w${n} = mat4x4f(${list(4, (column) => `weightTile[${first} + ${column}u]`)});`
    }),
    unroll(tile.pixels * tile.vectors, (i) => {
      const x = `x${Math.floor(i / tile.vectors)}`
      const w = `w${i % tile.vectors}`
      return `          sum${i} += ${direction === 'forward' ? `${w} * ${x}` : `${x} * ${w}`};`
    }),
  ]
  return lines.join('\n')
}

function store(variant: TiledVariant, p: number): string {
  const { tile } = variant
  const phases = phasesOf(variant)
  return wgsl`
  {
    let pixel = firstPixel + line + ${p * tile.pixelThreads}u;
    if (pixel < pixelCount) {
      let place = vec2u(pixel % size.x, pixel / size.x % size.y) * ${phases}u + phase;
      let row = pixel / (size.x * size.y) * dims.targetHeight + place.y;
      let at = (row * dims.targetWidth + place.x) * dims.targetVectors;
${unroll(tile.vectors, (n) => {
  const t = `block + lane + ${n * tile.channelThreads}u`
  return wgsl`      if (${t} < dims.targetVectors) {
        let before = select(vec4f(), vec4f(destination[at + ${t}]), dims.accumulate == 1u);
        destination[at + ${t}] = Destination(before + sum${p * tile.vectors + n}${variant.bias ? ` + bias[${t}]` : ''});
      }`
})}
    }
  }`
}
