// The product of a 3,072 × 3,072 matrix with every image of a batch, of which a mean is subtracted: ZCA whitening.
import { IMAGE_BYTES, PLANE_BYTES } from '../../../../base/data-set.ts'
import type { Kernel } from '../../kernel.ts'
import { filterBytes, FLOAT_BYTES, type FilterShape, packFilter, VEC4_BYTES } from '../../memory/layout.ts'
import { activations, defineKernel } from '../define-kernel.ts'
import { unroll, wgsl } from '../wgsl.ts'

const WORKGROUP = 64
/** Images a thread. */
const IMAGES = 4
/** Pixels that are whole vec4: 4 pixels of 3 values are 3 vec4. */
const PIXELS = 4
const VECTORS = 3

/** Values of an image as the matrix counts them: rows, columns, then red, green, blue. */
const VALUES = IMAGE_BYTES
const MATRIX: FilterShape = { inChannels: VALUES, outChannels: VALUES, kernel: 1 }

/** The mean, whose values lie as the matrix counts them. */
export const WHITENING_MEAN_BYTES = VALUES * FLOAT_BYTES
export const WHITENING_MATRIX_BYTES = filterBytes(MATRIX)

/** The matrix as `whiten` reads it: as the weights of a 1×1 convolution. @param matrix 3,072², row-major */
export function packWhitening(matrix: Float32Array): Float32Array<ArrayBuffer> {
  if (matrix.length !== VALUES ** 2) {
    throw new RangeError(`a whitening matrix of ${matrix.length} values, not ${VALUES}²`)
  }
  return packFilter(matrix, MATRIX)
}

// A thread makes 4 pixels of 4 images: each matrix that it loads is used 4 times.
const WHITEN = wgsl`
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let groups = dims.vectors / ${VECTORS}u;
  let group = thread.x % groups;
  let first = (thread.x / groups) * ${IMAGES}u;
  if (first >= dims.batch) { return; }
${unroll(IMAGES, (n) => `  let start${n} = min(first + ${n}u, dims.batch - 1u) * dims.vectors;`)}
${eachVector((n, o) => `  var sum${n}${o} = vec4f();`)}
  for (var i = 0u; i < dims.vectors; i++) {
    let row = i * dims.vectors + group * ${VECTORS}u;
    let centre = mean[i];
${unroll(VECTORS, (o) => `    let m${o} = matrix[row + ${o}u];`)}
${unroll(IMAGES, (n) => `    let x${n} = source[start${n} + i] - centre;`)}
${eachVector((n, o) => `    sum${n}${o} += m${o} * x${n};`)}
  }
${unroll(IMAGES, (n) => writePixels(n))}
}
`

/** The three vec4 of image n as four pixels, whose fourth channels are empty. */
function writePixels(n: number): string {
  return wgsl`
  if (first + ${n}u < dims.batch) {
    let target${n} = ((first + ${n}u) * groups + group) * ${PIXELS}u;
    destination[target${n}] = Destination(vec4f(sum${n}0.xyz, 0));
    destination[target${n} + 1u] = Destination(vec4f(sum${n}0.w, sum${n}1.xy, 0));
    destination[target${n} + 2u] = Destination(vec4f(sum${n}1.zw, sum${n}2.x, 0));
    destination[target${n} + 3u] = Destination(vec4f(sum${n}2.yzw, 0));
  }`
}

function eachVector(line: (image: number, vector: number) => string): string {
  return unroll(IMAGES, (n) => unroll(VECTORS, (o) => line(n, o)))
}

/**
 * `source` (normalised images, three values a pixel), `mean`, `matrix` (as packed above) → `destination`.
 * @param pixels of an image, a multiple of 4; other than 32² in tests only
 */
export function whiten(batch: number, pixels = PLANE_BYTES): Kernel {
  const values = VECTORS * pixels
  const threads = (Math.ceil(batch / IMAGES) * pixels) / PIXELS
  return defineKernel({
    label: `whiten ${values} ×${batch}`,
    tensors: [
      { name: 'source', access: 'read', element: 'vec4f' },
      { name: 'matrix', access: 'read', element: 'mat4x4f' },
      { name: 'mean', access: 'read', element: 'vec4f' },
      activations('destination', 'read-write'),
    ],
    dims: { batch, vectors: values / 4 },
    code: WHITEN,
    workgroups: [Math.ceil(threads / WORKGROUP), 1, 1],
    flops: 2 * batch * values ** 2,
    bytes:
      filterBytes({ inChannels: values, outChannels: values, kernel: 1 }) + 2 * batch * pixels * VEC4_BYTES,
  })
}
