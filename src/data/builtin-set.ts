// The synthetic data set that is there before anything was downloaded: ten shapes and patterns, drawn from a fixed seed.
import { DATA_SETS, IMAGE_BYTES, type Split } from '../base/data-set.ts'
import { createRandom } from '../base/random.ts'
import { MOTIF_CLASSES } from './builtin/motif-classes.ts'
import { createPainter, type Painter } from './builtin/scene.ts'
import type { ImageSet } from './image-set.ts'

const SEED = 1

/** In the order of the labels. */
export const BUILTIN_CLASS_NAMES: readonly string[] = MOTIF_CLASSES.map(({ name }) => name)

export type BuiltinSet = {
  /** The first `count` images of a split, all where there are fewer; drawn when they are first asked for. */
  first(split: Split, count: number): ImageSet
}

/** The same 5,000 + 1,000 images each time and everywhere. Labels go round the classes, so that every prefix is balanced. */
export function createBuiltinSet(): BuiltinSet {
  const paint = createPainter(createRandom(SEED, 'builtin/grain'))
  const splits = { train: createSplit('train', paint), test: createSplit('test', paint) }
  return { first: (split, count) => splits[split](count) }
}

export function generateBuiltinSet(): { train: ImageSet; test: ImageSet } {
  const set = createBuiltinSet()
  return { train: set.first('train', Infinity), test: set.first('test', Infinity) }
}

/** Images come one after another from one stream of random numbers, so that what is drawn already never changes. */
function createSplit(split: Split, paint: Painter): (count: number) => ImageSet {
  const random = createRandom(SEED, `builtin/${split}`)
  const all = DATA_SETS.builtin.images[split]
  const pixels = new Uint8Array(all * IMAGE_BYTES)
  const labels = Uint8Array.from({ length: all }, (_, image) => image % MOTIF_CLASSES.length)
  let drawn = 0

  function draw(image: number): void {
    const motifClass = MOTIF_CLASSES[labels[image] ?? 0]
    if (!motifClass) throw new Error(`image ${image} has no motif`)
    const motif = motifClass.draw(random)
    paint(random, motif, new Uint8ClampedArray(pixels.buffer, image * IMAGE_BYTES, IMAGE_BYTES))
  }

  return (wanted) => {
    const count = Math.min(wanted, all)
    while (drawn < count) draw(drawn++)
    return {
      count,
      pixels: pixels.subarray(0, count * IMAGE_BYTES),
      labels: labels.subarray(0, count),
      classNames: BUILTIN_CLASS_NAMES,
    }
  }
}
