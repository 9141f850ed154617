import type { IDBPTransaction } from 'idb'
import { AppError } from '../../base/app-error.ts'
import { DATA_SETS, type DataSetId, IMAGE_BYTES, SPLITS, type Split } from '../../base/data-set.ts'
import type { ImageChunk } from '../cifar/cifar-records.ts'
import { type Database, type Manifest, type Schema, transact } from './database.ts'

export type WriterShape = Pick<Manifest, 'images' | 'classNames' | 'coarseNames'>

/** Writes a set's next generation, which nobody sees until it is published. Ends with `publish` or `discard`. */
export type ImageWriter = {
  /** @param first the place of the chunk's first image in its split */
  add(split: Split, first: number, chunk: ImageChunk): Promise<void>
  /** Replaces what was stored of the set, in one transaction. */
  publish(): Promise<void>
  discard(): Promise<void>
}

export async function createImageWriter(
  database: Database,
  set: DataSetId,
  shape: WriterShape,
): Promise<ImageWriter> {
  const { title } = DATA_SETS[set]
  const neededBytes = (shape.images.train + shape.images.test) * IMAGE_BYTES
  const storing = { doing: `storing ${title}`, neededBytes }
  const labels = { train: emptyLabels(shape, 'train'), test: emptyLabels(shape, 'test') }
  const generation = await transact(database, ['generations'], 'readwrite', storing, (transaction) =>
    transaction.objectStore('generations').add({ set }),
  )

  return {
    async add(split, first, chunk) {
      labels[split].fine.set(chunk.labels, first)
      if (chunk.coarseLabels) labels[split].coarse?.set(chunk.coarseLabels, first)
      await transact(database, ['chunks'], 'readwrite', storing, (transaction) =>
        transaction
          .objectStore('chunks')
          .put({ count: chunk.count, pixels: chunk.pixels }, [generation, split, first]),
      )
    },
    publish: () =>
      transact(
        database,
        ['manifests', 'generations', 'chunks', 'labels'],
        'readwrite',
        storing,
        async (transaction) => {
          const generations = transaction.objectStore('generations')
          if (!(await generations.get(generation))) throw sweptAway(title)
          for (const split of SPLITS)
            await transaction.objectStore('labels').put(labels[split], [generation, split])
          const manifests = transaction.objectStore('manifests')
          const old = await manifests.get(set)
          await manifests.put({ set, generation, ...shape }, set)
          await generations.delete(generation)
          if (old) await deleteGeneration(transaction, old.generation)
        },
      ),
    discard: () =>
      transact(
        database,
        ['generations', 'chunks', 'labels'],
        'readwrite',
        `tidying up ${title}`,
        async (transaction) => {
          await deleteGeneration(transaction, generation)
          await transaction.objectStore('generations').delete(generation)
        },
      ),
  }
}

/** All of a generation's images; its manifest or its place among those being written is the caller's. */
export async function deleteGeneration<Names extends ('manifests' | 'generations' | 'chunks' | 'labels')[]>(
  transaction: IDBPTransaction<Schema, Names, 'readwrite'>,
  generation: number,
): Promise<void> {
  const all = IDBKeyRange.bound([generation], [generation, []])
  await transaction.objectStore('chunks').delete(all)
  await transaction.objectStore('labels').delete(all)
}

function emptyLabels(shape: WriterShape, split: Split) {
  const count = shape.images[split]
  return { fine: new Uint8Array(count), coarse: shape.coarseNames && new Uint8Array(count) }
}

/** Possible only where the browser has no locks between tabs. */
function sweptAway(title: string): AppError {
  return new AppError(
    'storage-failed',
    `${title} was being stored in two tabs at once and this one lost; close the other tab and try again.`,
  )
}
