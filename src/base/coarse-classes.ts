// CIFAR-100's 20 superclasses of five classes each (https://www.cs.toronto.edu/~kriz/cifar.html). Fine labels decide the
// coarse ones, so what is known of the fine answers tells the coarse accuracy.
import type { DataSetId } from './data-set.ts'

/** The fine labels of each coarse label. */
const CIFAR_100_FINE_LABELS: readonly (readonly number[])[] = [
  [4, 30, 55, 72, 95], // aquatic mammals
  [1, 32, 67, 73, 91], // fish
  [54, 62, 70, 82, 92], // flowers
  [9, 10, 16, 28, 61], // food containers
  [0, 51, 53, 57, 83], // fruit and vegetables
  [22, 39, 40, 86, 87], // household electrical devices
  [5, 20, 25, 84, 94], // household furniture
  [6, 7, 14, 18, 24], // insects
  [3, 42, 43, 88, 97], // large carnivores
  [12, 17, 37, 68, 76], // large man-made outdoor things
  [23, 33, 49, 60, 71], // large natural outdoor scenes
  [15, 19, 21, 31, 38], // large omnivores and herbivores
  [34, 63, 64, 66, 75], // medium mammals
  [26, 45, 77, 79, 99], // non-insect invertebrates
  [2, 11, 35, 46, 98], // people
  [27, 29, 44, 78, 93], // reptiles
  [36, 50, 65, 74, 80], // small mammals
  [47, 52, 56, 59, 96], // trees
  [8, 13, 48, 58, 90], // vehicles 1
  [41, 69, 81, 85, 89], // vehicles 2
]

/** The fine labels of each coarse label; null where a set has no coarse classes. */
export function coarseClasses(set: DataSetId): readonly (readonly number[])[] | null {
  return set === 'cifar100' ? CIFAR_100_FINE_LABELS : null
}

/**
 * The share of images whose predicted class is of the true class's superclass, 0 … 1; null where the set has none.
 * @param confusion counts, [true class][predicted class]
 */
export function coarseAccuracy(set: DataSetId, confusion: readonly (readonly number[])[]): number | null {
  const coarse = coarseClasses(set)
  if (!coarse) return null
  const total = sum(confusion.flat())
  const correct = sum(
    coarse.flatMap((labels) =>
      labels.flatMap((truth) => labels.map((predicted) => confusion[truth]?.[predicted] ?? 0)),
    ),
  )
  return total === 0 ? 0 : correct / total
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
