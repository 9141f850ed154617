// From an archive, or the files that it holds, to verified images in the store. A few megabytes are in memory at once.
import { AppError } from '../../base/app-error.ts'
import { archiveEntries } from './archive-entries.ts'
import { chunksOf } from './byte-streams.ts'
import { type CifarFormat, type CifarMember, firstImageOf, recordBytes, splitImages } from './cifar-format.ts'
import { readMember } from './cifar-records.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { ImageWriter } from '../store/image-writer.ts'

/** A file, in an archive or on its own. */
export type SourceFile = {
  readonly path: string
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

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
    const seen: string[] = []
    for await (const file of files) {
      seen.push(file.path)
      const member = format.members.find(({ name }) => name === file.name)
      if (!member || stored.has(member)) continue
      await storeMember(format, member, file.bytes, writer, progress)
      stored.add(member)
    }
    const missing = format.members.filter((member) => !stored.has(member))
    if (missing.length > 0) throw incomplete(format, missing, seen, source)
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

/**
 * What a person dropped on the page: an archive, or a set's files.
 * @throws AppError `archive-incomplete` where no set's file is among them, and as `archiveEntries` does
 */
export async function identify(
  files: readonly File[],
  formats: readonly CifarFormat[],
): Promise<CifarFormat> {
  const seen: string[] = []
  for await (const { name, path } of filesIn(files)) {
    const format = formats.find(({ members }) => members.some((member) => member.name === name))
    if (format) return format
    seen.push(path)
  }
  const wanted = formats.map(({ archive }) => archive).join(' or ')
  throw new AppError(
    'archive-incomplete',
    `${describe(files)} holds no file of a data set that this page knows${versionHint(seen)}; drop ${wanted}, or the ` +
      '.bin files out of it.',
  )
}

/** The files in a dropped archive, or the dropped files themselves. */
export async function* filesIn(files: readonly File[]): AsyncGenerator<SourceFile, void, undefined> {
  const records = files.filter(({ name }) => name.endsWith('.bin'))
  if (records.length > 0) {
    for (const file of records) yield { path: file.name, name: file.name, bytes: chunksOf(file.stream()) }
  } else {
    for (const file of files) yield* archiveEntries(chunksOf(file.stream()), file.name)
  }
}

export function describe(files: readonly File[]): string {
  const [first] = files
  return files.length === 1 && first ? first.name : `These ${files.length} files`
}

function incomplete(
  format: CifarFormat,
  missing: readonly CifarMember[],
  seen: readonly string[],
  source: string,
): AppError {
  const names = missing.map(({ name }) => name).join(', ')
  return new AppError(
    'archive-incomplete',
    `${source}: of the ${format.members.length} files of ${format.title}, ${missing.length} are missing ` +
      `(${names})${versionHint(seen)}; get ${format.archive} again, or drop all of its .bin files together.`,
  )
}

/** The same images are published in three formats; the wrong one is an easy mistake. */
function versionHint(paths: readonly string[]): string {
  if (paths.some((path) => /batches-py|-python\//.test(path)))
    return ' (it is the Python version; the binary one is needed)'
  if (paths.some((path) => path.endsWith('.mat')))
    return ' (it is the MATLAB version; the binary one is needed)'
  return ''
}
