// Images for the command line: the built-in set, or CIFAR's binary files in a folder or an archive.
import type { Stats } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import type { DataSetId, Split } from '../base/data-set.ts'
import { generateBuiltinSet } from '../data/builtin-set.ts'
import { CIFAR_FORMATS } from '../data/cifar/cifar-format.ts'
import { readSplit } from '../data/cifar/cifar-records.ts'
import {
  filesOf,
  type FoundSet,
  incomplete,
  recogniseFiles,
  versionHint,
} from '../data/cifar/recognise-files.ts'
import type { ImageSet } from '../data/image-set.ts'
import { type ByteSource, unreadable } from '../files/byte-source.ts'
import { fileKindOf, HEAD_BYTES } from '../files/file-kinds.ts'

export type ImageSource = {
  readonly set: DataSetId
  /** In the order of the labels. */
  readonly classNames: readonly string[]
  /** @throws AppError where a file is damaged, truncated, or not the published one */
  load(split: Split, limit: number | null): Promise<ImageSet>
}

/**
 * @param place `builtin`, an archive, or a folder with a data set's .bin files or archive, in it or one folder down as in
 *   the archives; what the files are called does not matter
 * @throws AppError `archive-not-found`, `archive-incomplete`
 */
export async function openImageSource(place: string): Promise<ImageSource> {
  if (place === 'builtin') {
    const sets = generateBuiltinSet()
    const { classNames } = sets.test
    return { set: 'builtin', classNames, load: async (split, limit) => firstImages(sets[split], limit) }
  }
  const { sources, found } = await findSet(place)
  const { format, missing } = found
  if (missing.length > 0) throw incomplete(found, place)
  return {
    set: format.set,
    classNames: format.classNames,
    load: (split, limit) => readSplit(format, split, (name) => bytesOf(sources, found, name), limit),
  }
}

type Found = { readonly sources: readonly ByteSource[]; readonly found: FoundSet }

/** Files as they are come before archives, which are unpacked to be looked into. */
async function findSet(place: string): Promise<Found> {
  const about = await stat(place).catch((cause: unknown) => {
    throw new AppError(
      'archive-not-found',
      `${place} cannot be read; --data takes builtin, a folder, or an archive.`,
      { cause },
    )
  })
  if (about.isFile()) return findIn([sourceAt(place, about)])
  const sources = await sourcesIn(place)
  const archives = sources.filter(({ name }) => /\.(tgz|gz|tar|zip)$/i.test(name))
  const alone = sources.filter((source) => !archives.includes(source))
  for (const some of [alone, archives].filter(({ length }) => length > 0)) {
    const found = await findIn(some).catch((error: unknown) => {
      if (error instanceof AppError && NOTHING.has(error.code)) return null
      throw error
    })
    if (found) return found
  }
  const kinds = await Promise.all(
    alone.map(async (source) => ({
      path: source.name,
      kind: fileKindOf(await source.read(0, Math.min(HEAD_BYTES, source.size))),
    })),
  )
  throw new AppError(
    'archive-not-found',
    `${place} holds no CIFAR binary files${versionHint(kinds)}; expected data_batch_1.bin (CIFAR-10) or train.bin (CIFAR-100) there.`,
  )
}

const NOTHING: ReadonlySet<string> = new Set(['archive-incomplete', 'archive-not-gzip'])

/** The set that is whole, where there is one. */
async function findIn(sources: readonly ByteSource[]): Promise<Found> {
  const sets = await recogniseFiles(sources, CIFAR_FORMATS)
  const found = sets.find(({ missing }) => missing.length === 0) ?? sets[0]
  if (!found) throw new Error('a set was recognised')
  return { sources, found }
}

async function sourcesIn(folder: string, depth = 1): Promise<ByteSource[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const inside = await Promise.all(
    entries
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name)
        const about = await stat(path).catch(() => null)
        if (about?.isFile()) return [sourceAt(path, about)]
        return about?.isDirectory() && depth > 0 ? sourcesIn(path, depth - 1) : []
      }),
  )
  return inside.flat()
}

function sourceAt(path: string, { size }: Stats): ByteSource {
  const name = basename(path)
  return {
    name,
    size,
    async read(from, to) {
      const bytes = new Uint8Array(Math.max(0, to - from))
      const file = await open(path).catch((cause: unknown) => {
        throw unreadable(path, cause)
      })
      try {
        const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
        return bytes.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
  }
}

async function* bytesOf(sources: readonly ByteSource[], found: FoundSet, name: string) {
  for await (const file of filesOf(sources, found)) {
    if (file.name !== name) continue
    yield* file.bytes
    return
  }
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
