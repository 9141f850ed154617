// The synthetic data set that is there before anything was downloaded: ten figures and patterns, drawn from a fixed seed.
import { DATA_SETS, IMAGE_BYTES, type Split } from '../contract/data-set.ts'
import { createRandom } from '../contract/random.ts'
import { MOTIFS } from './builtin/motifs.ts'
import { createGrain, paintScene } from './builtin/scene.ts'
import type { ImageSet } from './image-set.ts'

const SEED = 1

/** The same 5,000 + 1,000 images each time and everywhere; labels go round the classes, so every prefix is balanced. */
export function generateBuiltinSet(): { train: ImageSet; test: ImageSet } {
  const grain = createGrain(createRandom(SEED, 'builtin/grain'))
  return { train: generateSplit('train', grain), test: generateSplit('test', grain) }
}

function generateSplit(split: Split, grain: Float32Array): ImageSet {
  const random = createRandom(SEED, `builtin/${split}`)
  const count = DATA_SETS.builtin.images[split]
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  const labels = new Uint8Array(count)
  for (let image = 0; image < count; image++) {
    const label = image % MOTIFS.length
    const motif = MOTIFS[label]
    if (!motif) throw new Error(`class ${label} has no motif`)
    labels[image] = label
    const bytes = pixels.subarray(image * IMAGE_BYTES, (image + 1) * IMAGE_BYTES)
    paintScene(random, motif.draw(random), grain, bytes)
  }
  return { count, pixels, labels, classNames: MOTIFS.map(({ name }) => name) }
}
