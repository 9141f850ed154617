// From an archive, or the files that it holds, to verified images in the store. A few megabytes are in memory at once.
import { type CifarFormat, type CifarMember, firstImageOf, recordBytes, splitImages } from './cifar-format.ts'
import { readMember } from './cifar-records.ts'
import { incomplete, type SourceFile, versionHint } from './recognise-files.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { ImageWriter } from '../store/image-writer.ts'

export type IngestPorts = {
  readonly store: ImageStore
  readonly signal: AbortSignal
  /** Bytes of the set's files read so far. */
  readonly onProgress: (bytes: number) => void
}

/**
 * Stores a set from its files, in whatever order they come; others are passed over. What was stored of the set stays
 * until every file is verified, and for good where one fails or `signal` aborts.
 * @param source named in the sentences
 * @throws AppError as `readMember` and the store do, `archive-incomplete`, and whatever `files` throws; the signal's reason
 */
export async function ingest(
  format: CifarFormat,
  files: AsyncIterable<SourceFile>,
  source: string,
  { store, signal, onProgress }: IngestPorts,
): Promise<void> {
  const writer = await store.writer(format.set, {
    images: { train: splitImages(format, 'train'), test: splitImages(format, 'test') },
    classNames: format.classNames,
    coarseNames: format.coarseNames,
  })
  try {
    let read = 0
    const progress = (images: number) => {
      signal.throwIfAborted()
      read += images
      onProgress(read * recordBytes(format))
    }
    const stored = new Set<CifarMember>()
    const seen: Pick<SourceFile, 'path'>[] = []
    for await (const file of files) {
      seen.push({ path: file.path })
      const member = format.members.find(({ name }) => name === file.name)
      if (!member || stored.has(member)) continue
      await storeMember(format, member, file.bytes, writer, progress)
      stored.add(member)
    }
    const missing = format.members.filter((member) => !stored.has(member))
    if (missing.length > 0) throw incomplete({ format, missing, hint: versionHint(seen) }, source)
    await writer.publish()
  } catch (error) {
    // Where even this fails, the next opening of the store sweeps up.
    await writer.discard().catch(() => undefined)
    throw error
  }
}

async function storeMember(
  format: CifarFormat,
  member: CifarMember,
  bytes: AsyncIterable<Uint8Array>,
  writer: ImageWriter,
  progress: (images: number) => void,
): Promise<void> {
  let first = firstImageOf(format, member)
  for await (const chunk of readMember(format, member, bytes)) {
    await writer.add(member.split, first, chunk)
    first += chunk.count
    progress(chunk.count)
  }
}
