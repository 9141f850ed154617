// What the page asks of the data sets: to have them, to look at them, and to whiten them.
import { z } from 'zod'
import { DATA_SET_IDS, SPLITS } from '../../base/data-set.ts'
import { augmentationConfigSchema, normalisationSchema, whiteningSchema } from '../../base/image-config.ts'
import { defineCommands, done } from './define-commands.ts'
import { galleryShape } from './gallery-shape.ts'

const set = z.enum(DATA_SET_IDS)

/** The training images of a run, as its network takes them. */
const imagesOfRun = {
  set,
  limitTrain: z.int().min(1).nullable(),
  normalisation: normalisationSchema,
  whitening: whiteningSchema,
}

export const dataCommands = defineCommands({
  /** Begins or continues a download. `url` null: from the page's own origin or the mirror set at build time. */
  'fetch-data': { request: { set, url: z.string().nullable() }, reply: done },
  'pause-fetch': { request: { set }, reply: done },
  /** Ends a download, or an unpacking, and drops what it had. */
  'cancel-fetch': { request: { set }, reply: done },
  /** Archives, or .bin files, whatever they are called; the reply is the data sets that were whole among them. */
  'import-data': {
    request: { files: z.array(z.file()).min(1).max(1_000) },
    reply: z.object({ sets: z.array(set) }),
  },
  'remove-data': { request: { set }, reply: done },
  /** Stored images of a split, of one class or of all, `offset` of them skipped. */
  browse: {
    request: {
      set,
      split: z.enum(SPLITS),
      label: z.int().min(0).nullable(),
      offset: z.int().min(0),
      count: z.int().min(1).max(200),
    },
    /** `total`: images that match, of which these are a page. */
    reply: z.object({ ...galleryShape, total: z.int() }),
  },
  /** The first training images, augmented as the trainer would, and whitened where that matrix was computed before. */
  'preview-augmentation': {
    request: {
      ...imagesOfRun,
      augmentation: augmentationConfigSchema,
      seed: z.int(),
      count: z.int().min(1).max(25),
    },
    /** `whitened`: the time that the matrix took to compute, where the images are whitened; null where they are not. */
    reply: z.object({ ...galleryShape, whitened: z.object({ seconds: z.number() }).nullable() }),
  },
  /** Computes the whitening of a run and keeps it; how far that is comes as events. One at a time. */
  'compute-whitening': { request: imagesOfRun, reply: done },
  'cancel-whitening': { request: {}, reply: done },
})
