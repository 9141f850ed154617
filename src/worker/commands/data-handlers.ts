import type { dataCommands } from '../../contract/commands/data-commands.ts'
import { augmentImages, decodeBatch } from '../../engine/decode-batch.ts'
import { drawAugmentation, gather } from '../../training/sampler.ts'
import { toRgba, whitenedRgba } from '../gallery.ts'
import type { Handlers } from './handlers.ts'

export const dataHandlers: Handlers<keyof typeof dataCommands> = {
  'fetch-data'({ set, url }, { library }) {
    library.fetch(set, url)
    return null
  },
  async 'pause-fetch'({ set }, { library }) {
    await library.pause(set)
    return null
  },
  async 'cancel-fetch'({ set }, { library }) {
    await library.cancel(set)
    return null
  },
  'import-data': async ({ files }, { library }) => ({ sets: await library.import(files) }),
  async 'remove-data'({ set }, { library }) {
    await library.remove(set)
    return null
  },

  async browse({ set, split, label, offset, count }, { library }) {
    const { indices, labels, pixels, total } = await library.page(set, split, label, offset, count)
    return { indices: Array.from(indices), labels: Array.from(labels), rgba: toRgba(pixels), total }
  },

  async 'preview-augmentation'(command, { library, whitener, whitenings }) {
    const order = await whitenings.orderOf(command)
    const whitening = order && (await whitener.find(order))
    const images = await library.load(command.set, 'train', command.count)
    const indices = Array.from({ length: images.count }, (_, i) => i)
    const batch = gather(images, indices)
    const augmentation = drawAugmentation(command.augmentation, batch.size, command.seed, 0)
    const augmented = { ...batch, augmentation }
    return {
      indices,
      labels: Array.from(batch.labels),
      ...(order && whitening
        ? {
            rgba: whitenedRgba(decodeBatch(augmented, order.normalisation), whitening),
            whitened: { seconds: whitening.seconds },
          }
        : { rgba: toRgba(augmentImages(augmented)), whitened: null }),
    }
  },

  async 'compute-whitening'(command, { whitenings }) {
    await whitenings.compute(command)
    return null
  },
  'cancel-whitening'(_command, { whitenings }) {
    whitenings.cancel()
    return null
  },
}
