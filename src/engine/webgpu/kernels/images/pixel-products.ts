// The products of every two bytes of an image, summed over images: what whitening takes from a training set.
import { IMAGE_BYTES } from '../../../../base/data-set.ts'
import type { Kernel } from '../../kernel.ts'
import { defineKernel } from '../define-kernel.ts'
import { unroll, wgsl } from '../wgsl.ts'

const WORKGROUP = 8
/** Sums of a thread: so many bytes times as many. */
const TILE = 4
/** Images whose bytes lie in one word. */
export const IMAGES_A_WORD = 4
/** Words after which float32 might round: 4 · 64 · 255² is below 2^24. */
const EXACT_WORDS = 64

// float32 multiplies fastest and is exact for a while; the totals are exact in 32 bits for up to 66,051 images.
const PIXEL_PRODUCTS = wgsl`
fn bytes(word: u32) -> vec4f {
  return vec4f((vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u));
}

@compute @workgroup_size(${WORKGROUP}, ${WORKGROUP})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let column = thread.x;
  let row = thread.y;
  if (column > row || row >= dims.vectors) { return; }
${unroll(TILE, (i) => `  var total${i} = vec4u();`)}
  for (var first = 0u; first < dims.words; first += ${EXACT_WORDS}u) {
${unroll(TILE, (i) => `    var sum${i} = vec4f();`)}
    for (var word = first; word < min(first + ${EXACT_WORDS}u, dims.words); word++) {
      let left = images[word * dims.vectors + row];
      let right = images[word * dims.vectors + column];
${unroll(TILE, (j) => `      let y${j} = bytes(right[${j}]);`)}
${unroll(
  TILE,
  (i) => `      let x${i} = bytes(left[${i}]);
      sum${i} += vec4f(dot(x${i}, y0), dot(x${i}, y1), dot(x${i}, y2), dot(x${i}, y3));`,
)}
    }
${unroll(TILE, (i) => `    total${i} += vec4u(sum${i});`)}
  }
${unroll(TILE, (i) => `  products[(row * ${TILE}u + ${i}u) * dims.vectors + column] += total${i};`)}
}
`

/**
 * Adds to `products` (3,072², below the diagonal and on it) what is in `images`: words × 3,072 words, each with a byte of
 * four images.
 * @param values of an image, a multiple of 4; other than 3,072 in tests only
 */
export function pixelProducts(words: number, values = IMAGE_BYTES): Kernel {
  const vectors = values / TILE
  const groups = Math.ceil(vectors / WORKGROUP)
  return defineKernel({
    label: `pixel products ${values} ×${words * IMAGES_A_WORD}`,
    tensors: [
      { name: 'images', access: 'read', element: 'vec4u' },
      { name: 'products', access: 'read-write', element: 'vec4u' },
    ],
    dims: { words, vectors },
    code: PIXEL_PRODUCTS,
    workgroups: [groups, groups, 1],
    flops: words * IMAGES_A_WORD * values ** 2,
    bytes: words * values * 4 + values ** 2 * 4,
  })
}
