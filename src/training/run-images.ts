// The images of a run: those it trains on, those set aside from them, and those it is tested on.
import type { RunConfig } from '../config/run-config.ts'
import type { ImageSet } from '../data/image-set.ts'
import { gather } from './sampler.ts'
import type { SessionPorts } from './session-ports.ts'
import { validationIndices } from './validation-indices.ts'

export type RunImages = {
  readonly train: ImageSet
  /** Null where none are set aside. */
  readonly validation: ImageSet | null
  readonly test: ImageSet
}

/** What decides which images a run trains on. */
export type TrainingImages = { readonly data: Omit<RunConfig['data'], 'limitTest'>; readonly seed: number }

type LoadImages = SessionPorts['loadImages']

export async function loadRunImages(
  config: Pick<RunConfig, 'data' | 'seed'>,
  load: LoadImages,
): Promise<RunImages> {
  const split = await loadTrainingImages(config, load)
  return { ...split, test: await load(config.data.set, 'test', config.data.limitTest) }
}

/** Limits come first: the images set aside are some of the limited ones. */
export async function loadTrainingImages(
  { data, seed }: TrainingImages,
  load: LoadImages,
): Promise<Pick<RunImages, 'train' | 'validation'>> {
  const images = await load(data.set, 'train', data.limitTrain)
  return data.validation
    ? setAside(images, data.validation.images, seed)
    : { train: images, validation: null }
}

/** Both parts keep the order of the set. */
function setAside(images: ImageSet, count: number, seed: number): Pick<RunImages, 'train' | 'validation'> {
  if (count >= images.count) throw new RangeError(`${count} of ${images.count} images set aside`)
  const { heldOut, left } = validationIndices(images.count, count, seed)
  return { train: pick(images, left), validation: pick(images, heldOut) }
}

function pick(images: ImageSet, indices: Uint32Array): ImageSet {
  const { size, pixels, labels } = gather(images, indices)
  return { count: size, pixels, labels, classNames: images.classNames }
}
