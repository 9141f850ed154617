// A .tar.gz or .tar as it streams in: its files one after the other, nothing of them kept.
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar'
import { AppError } from '../base/app-error.ts'
import { chunksOf, streamOf } from './byte-streams.ts'
import { describeWrongFile, fileKindOf, HEAD_BYTES } from './file-kinds.ts'
import { gunzip } from './gunzip.ts'

/** A file in an archive. Its bytes can be read only before the next entry is asked for. */
export type ArchiveEntry = {
  readonly path: string
  /** The last part of the path. */
  readonly name: string
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** What is unpacked at once, so that a 1,000-fold expansion is still small. */
const SLICE_BYTES = 64 * 1024

/**
 * The files of an archive, in its order. The archive is read to its end, so that its own checks are made.
 * @param archive named in the sentences
 * @throws AppError `archive-not-gzip`, `archive-truncated`, and whatever `source` throws
 */
export async function* archiveEntries(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  archive: string,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const input: { failure: { error: unknown } | null } = { failure: null }
  let unpackedBytes = 0

  async function* packed() {
    try {
      for await (const piece of source) yield* slices(piece)
    } catch (error) {
      input.failure = { error }
      throw error
    }
  }

  async function* counted(tar: AsyncIterable<Uint8Array<ArrayBuffer>>) {
    for await (const piece of tar) {
      unpackedBytes += piece.length
      yield piece
    }
  }

  function explain(error: unknown): unknown {
    if (input.failure) return input.failure.error
    return new AppError(
      'archive-truncated',
      `${archive} is cut short or damaged: after ${unpackedBytes.toLocaleString('en')} unpacked bytes it cannot be ` +
        'read on; get it again.',
      { cause: error },
    )
  }

  async function* bytesOf(body: ReadableStream<Uint8Array>) {
    try {
      yield* chunksOf(body)
    } catch (error) {
      throw explain(error)
    }
  }

  const { head, all } = await peek(packed(), HEAD_BYTES)
  let entries: AsyncGenerator<ParsedTarEntry, void, undefined> | null = null
  try {
    const tar = streamOf(counted(unpack(all, head, archive)))
    entries = chunksOf(tar.pipeThrough(createTarDecoder({ strict: true })))
    for (;;) {
      const next = await entries.next().catch((error: unknown) => {
        throw explain(error)
      })
      if (next.done) return
      const { header, body } = next.value
      if (header.type === 'file')
        yield {
          path: header.name,
          name: baseName(header.name),
          size: header.size,
          bytes: bytesOf(body),
        }
      // The next entry comes once this one's bytes are out of the way. Not by cancel(): modern-tar 0.8.6 then starves
      // the next entry where this one is small enough to be buffered whole.
      if (!body.locked) await drain(bytesOf(body))
    }
  } finally {
    await entries?.return()
    await all.return()
  }
}

async function drain(source: AsyncIterator<unknown>): Promise<void> {
  while (!(await source.next()).done);
}

/** The first `count` bytes, or fewer where there are no more, and all of them again. */
async function peek(source: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>, count: number) {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for (let have = 0; have < count;) {
    const next = await source.next()
    if (next.done) break
    pieces.push(next.value)
    have += next.value.length
  }
  async function* all() {
    try {
      yield* pieces
      yield* source
    } finally {
      await source.return()
    }
  }
  return { head: new Uint8Array(await new Blob(pieces).arrayBuffer()).subarray(0, count), all: all() }
}

function unpack(
  packed: AsyncIterable<Uint8Array<ArrayBuffer>>,
  head: Uint8Array,
  archive: string,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  const kind = fileKindOf(head)
  if (kind?.id === 'tar') return packed
  if (kind?.id === 'gzip') return gunzip(packed)
  throw new AppError(
    'archive-not-gzip',
    kind
      ? describeWrongFile(kind, archive, 'a CIFAR archive', ADVICE)
      : `${archive} isn’t a CIFAR archive. ${ADVICE}`,
  )
}

const ADVICE = 'Check the address or the file, and get the archive again.'

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function* slices(piece: Uint8Array<ArrayBuffer>) {
  for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES)
}
