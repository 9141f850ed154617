import { createRandom } from '../base/random.ts'
import { shuffle } from './sampler.ts'

/** Which of a set's images are drawn by the seed for validation, and which are left to train on; both ascending. */
export function validationIndices(images: number, count: number, seed: number) {
  const order = shuffle(images, createRandom(seed, 'validation'))
  return { heldOut: order.subarray(0, count).toSorted(), left: order.subarray(count).toSorted() }
}
