// Images for the command line: the built-in set, or a folder that holds CIFAR's binary files.
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import type { DataSetId, Split } from '../base/data-set.ts'
import { generateBuiltinSet } from '../data/builtin-set.ts'
import { CIFAR_FORMATS, type CifarFormat } from '../data/cifar/cifar-format.ts'
import { readSplit } from '../data/cifar/cifar-records.ts'
import type { ImageSet } from '../data/image-set.ts'

export type ImageSource = {
  readonly set: DataSetId
  /** In the order of the labels. */
  readonly classNames: readonly string[]
  /** @throws AppError where a file is damaged, truncated, or not the published one */
  load(split: Split, limit: number | null): Promise<ImageSet>
}

/**
 * @param place `builtin`, or a folder with a data set's .bin files, in it or one folder down as in the archives
 * @throws AppError `archive-not-found`, `archive-incomplete`
 */
export async function openImageSource(place: string): Promise<ImageSource> {
  if (place === 'builtin') {
    const sets = generateBuiltinSet()
    const { classNames } = sets.test
    return { set: 'builtin', classNames, load: async (split, limit) => firstImages(sets[split], limit) }
  }
  const { folder, format } = await findFormat(place)
  const missing = format.members.find(({ name }) => !existsSync(join(folder, name)))
  if (missing) {
    throw new AppError(
      'archive-incomplete',
      `${folder} holds files of ${format.title} but not ${missing.name}; put all ${format.members.length} of them there.`,
    )
  }
  return {
    set: format.set,
    classNames: format.classNames,
    load: (split, limit) => readSplit(format, split, (name) => createReadStream(join(folder, name)), limit),
  }
}

async function findFormat(place: string): Promise<{ folder: string; format: CifarFormat }> {
  const entries = await readdir(place, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError(
      'archive-not-found',
      `${place} is not a folder that can be read; --data takes builtin or a folder.`,
      {
        cause,
      },
    )
  })
  const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(place, name))
  for (const folder of [place, ...inside]) {
    const format = CIFAR_FORMATS.find(({ members }) =>
      members.some(({ name }) => existsSync(join(folder, name))),
    )
    if (format) return { folder, format }
  }
  throw new AppError(
    'archive-not-found',
    `${place} holds no CIFAR binary files; expected data_batch_1.bin (CIFAR-10) or train.bin (CIFAR-100) there.`,
  )
}

function firstImages(images: ImageSet, limit: number | null): ImageSet {
  if (limit === null || limit >= images.count) return images
  const bytes = images.pixels.length / images.count
  return {
    ...images,
    count: limit,
    pixels: images.pixels.subarray(0, limit * bytes),
    labels: images.labels.subarray(0, limit),
  }
}
