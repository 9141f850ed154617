// Zip archives as any program packs them: zip64, data descriptors, bytes before the first header, a comment, Windows'
// backslashes. What cannot be read is called by its name, and limits are looked at before anything is unpacked.
import type { FileEntry } from '@zip.js/zip.js/lib/zip-core-native.js'
import type { AppError } from '../base/app-error.ts'
import type { ArchiveEntry } from './archive-entries.ts'
import type { ByteSource } from './byte-source.ts'
import { chunksOf } from './byte-streams.ts'
import { fileKindOf, HEAD_BYTES } from './file-kinds.ts'

/** Makes the failure of what is wrong, which completes "…: it …", and of what to do, where that is known. */
type Refuse = (what: string, remedy?: string) => AppError

type Limits = {
  /** Of one file, unpacked, and of all. */
  readonly fileBytes: number
  readonly archiveBytes: number
  readonly files: number
  readonly refuse: Refuse
}

const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'xz',
  98: 'PPMd',
}
/** Deflate makes nothing smaller than this (zlib's technical details): what says so lies. */
const MOST_DEFLATED = 1_032
const STORED = 0
const DEFLATED = 8

/**
 * The archive's files by path, with slashes, folders left out.
 * @throws what `refuse` makes of an archive that is damaged, or larger than the limits
 */
export async function readZip(
  archive: Uint8Array<ArrayBuffer>,
  fileName: string,
  limits: Limits,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const { refuse } = limits
  const read = async (from: number, to: number) => archive.subarray(from, to)
  const entries = await openZip({ name: fileName, size: archive.length, read }, refuse)
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let all = 0
  for (const { path, entry } of entries) {
    const { uncompressedSize: size } = entry
    if (size > limits.fileBytes) throw refuse(`${path} would take ${size} bytes`)
    if (size > Math.min(entry.compressedSize, archive.length) * MOST_DEFLATED)
      throw refuse(`${path} is not as long as the archive says`)
    all += size
    if (all > limits.archiveBytes) throw refuse(`its files would take more than ${limits.archiveBytes} bytes`)
  }
  if (entries.length > limits.files) throw refuse(`it has more than ${limits.files} files`)
  for (const { path, entry } of entries) {
    if (files.has(path)) throw refuse(`it has two files ${path}`)
    files.set(path, await unpack(entry, path, refuse))
  }
  return files
}

/** The files of an archive one after the other, as `archiveEntries` gives those of a tar. */
export async function* zipEntries(
  source: ByteSource,
  refuse: Refuse,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  for (const { path, entry } of await openZip(source, refuse)) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    yield { path, name, size: entry.uncompressedSize, bytes: streamEntry(entry, path, refuse) }
  }
}

type OpenedEntry = { readonly path: string; readonly entry: FileEntry }

async function openZip(source: ByteSource, refuse: Refuse): Promise<OpenedEntry[]> {
  const { configure, Reader, ZipReader } = await import('@zip.js/zip.js/lib/zip-core-native.js')
  configure({ useWebWorkers: false })
  class SourceReader extends Reader<ByteSource> {
    override size = source.size
    override readUint8Array(index: number, length: number) {
      return source.read(index, Math.min(index + length, source.size))
    }
  }
  const entries = await new ZipReader(new SourceReader(source), {
    normalizeFilename: (name) => name.replaceAll('\\', '/'),
  })
    .getEntries()
    .catch(async (error: unknown) => {
      const kind = fileKindOf(await source.read(0, Math.min(HEAD_BYTES, source.size)))
      // Anything may stand before a zip, so what it begins with counts only where there is none.
      if (kind && !kind.id.endsWith('zip')) throw refuse(`it is ${kind.title}`, kind.remedy?.(source.name))
      throw refuse(`it is not a zip archive that can be read (${reasonOf(error)})`)
    })
  return entries.flatMap((entry) => {
    if (entry.directory) return []
    const { filename: path, encrypted, compressionMethod: method } = entry
    if (encrypted) throw refuse(`${path} is encrypted; pack it without a password`)
    if (method !== STORED && method !== DEFLATED) {
      const name = METHODS[method] ?? `method ${method}`
      throw refuse(`${path} is packed with ${name}; pack it as an ordinary zip (Deflate)`)
    }
    return [{ path, entry }]
  })
}

async function unpack(entry: FileEntry, path: string, refuse: Refuse): Promise<Uint8Array<ArrayBuffer>> {
  const file = new Uint8Array(entry.uncompressedSize)
  let filled = 0
  for await (const piece of streamEntry(entry, path, refuse)) {
    file.set(piece, filled)
    filled += piece.length
  }
  return file
}

/** @throws what `refuse` makes of other bytes, or more or fewer, than the archive says there are */
async function* streamEntry(
  entry: FileEntry,
  path: string,
  refuse: Refuse,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>()
  let failure: unknown = null
  const done = entry
    .getData(writable, { checkSignature: true, checkOverlappingEntry: true })
    .catch((error: unknown) => {
      failure = error
      return writable.abort(error).catch(() => undefined)
    })
  let length = 0
  try {
    for await (const piece of chunksOf(readable)) {
      length += piece.length
      if (length > entry.uncompressedSize) throw new Error('it is longer than the archive says')
      yield piece
    }
    await done
  } catch (error) {
    failure ??= error
  }
  if (failure !== null || length !== entry.uncompressedSize) {
    throw refuse(
      `${path} is damaged (${failure === null ? 'it is not as long as the archive says' : reasonOf(failure)})`,
    )
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
