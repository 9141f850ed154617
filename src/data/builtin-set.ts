// The synthetic data set that is there before anything was downloaded: ten figures and patterns, drawn from a fixed seed.
import { DATA_SETS, IMAGE_BYTES, type Split } from '../contract/data-set.ts'
import { createRandom } from '../contract/random.ts'
import { MOTIF_CLASSES } from './builtin/motif-classes.ts'
import { createPainter, type Painter } from './builtin/scene.ts'
import type { ImageSet } from './image-set.ts'

const SEED = 1

/** In the order of the labels. */
export const BUILTIN_CLASS_NAMES: readonly string[] = MOTIF_CLASSES.map(({ name }) => name)

/** The same 5,000 + 1,000 images each time and everywhere. Labels go round the classes, so that every prefix is balanced. */
export function generateBuiltinSet(): { train: ImageSet; test: ImageSet } {
  const paint = createPainter(createRandom(SEED, 'builtin/grain'))
  return { train: generateSplit('train', paint), test: generateSplit('test', paint) }
}

function generateSplit(split: Split, paint: Painter): ImageSet {
  const random = createRandom(SEED, `builtin/${split}`)
  const count = DATA_SETS.builtin.images[split]
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  const labels = new Uint8Array(count)
  for (let image = 0; image < count; image++) {
    const label = image % MOTIF_CLASSES.length
    const motifClass = MOTIF_CLASSES[label]
    if (!motifClass) throw new Error(`class ${label} has no motif`)
    labels[image] = label
    paint(
      random,
      motifClass.draw(random),
      new Uint8ClampedArray(pixels.buffer, image * IMAGE_BYTES, IMAGE_BYTES),
    )
  }
  return { count, pixels, labels, classNames: BUILTIN_CLASS_NAMES }
}
