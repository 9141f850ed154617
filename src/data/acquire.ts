// The two ways a data set comes into the store: over the network, and out of files.
import { AppError, type AppErrorCode } from '../base/app-error.ts'
import { archiveEntries } from '../files/archive-entries.ts'
import { type CifarFormat, OFFICIAL_HOST, unpackedBytes } from './cifar/cifar-format.ts'
import { download, type Fetch } from './download.ts'
import type { ImageStore } from './store/image-store.ts'
import { ingest } from './cifar/ingest.ts'
import type { SourceFile } from './cifar/recognise-files.ts'
import type { StatusBoard } from './status-board.ts'

export type AcquirePorts = {
  readonly store: ImageStore
  readonly board: StatusBoard
  readonly fetch: Fetch
  readonly defaultBase: string
  readonly retryDelaysMs: readonly number[]
}

/** After these an archive's bytes are of no use, or have no room. */
const DROPS_ARCHIVE: ReadonlySet<AppErrorCode> = new Set([
  'archive-not-gzip',
  'archive-truncated',
  'archive-digest',
  'archive-incomplete',
  'label-out-of-range',
  'storage-full',
])

/**
 * Downloads an archive, from where a download of it stopped, and stores its images.
 * @param url null for where it came from before, or the default place
 */
export async function fetchAndUnpack(
  format: CifarFormat,
  url: string | null,
  signal: AbortSignal,
  ports: AcquirePorts,
): Promise<void> {
  const { store, board, defaultBase } = ports
  const { set } = format
  const kept = await store.downloads.find(set)
  const bytes = kept?.bytes ?? 0
  board.show(set, {
    state: 'downloading',
    bytes,
    totalBytes: kept?.totalBytes ?? null,
    notice: null,
    failure: null,
  })
  const from = url === null && kept ? kept.url : archiveUrl(url, defaultBase, format)
  try {
    await download(set, from, {
      ...ports,
      downloads: store.downloads,
      signal,
      onProgress: (arrived, totalBytes) => board.progress(set, arrived, totalBytes),
      onRestart: (why) =>
        board.show(set, { notice: `The download began again from the first byte, because ${why}.` }),
    })
    await unpack(format, archiveEntries(store.downloads.read(set), from), from, signal, ports)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (DROPS_ARCHIVE.has(error.code)) await store.downloads.drop(set)
    if (error.code === 'archive-not-found' && from === archiveUrl(null, defaultBase, format))
      throw siteHasNone(format, from, error)
    throw error
  }
}

/** Of a static host: nobody chose the address, so it says little. */
function siteHasNone({ title, archive }: CifarFormat, from: string, cause: AppError): AppError {
  return new AppError(
    'archive-not-found',
    `This site has no copy of ${title}. Download ${OFFICIAL_HOST}${archive} and choose or drop the file here, or enter ` +
      `the address of a mirror (asked for ${from}: 404).`,
    { cause },
  )
}

/** Stores a set's images from its files; see `ingest`. A download of the set has then become needless. */
export async function unpack(
  format: CifarFormat,
  files: AsyncIterable<SourceFile>,
  source: string,
  signal: AbortSignal,
  { store, board }: AcquirePorts,
): Promise<void> {
  const totalBytes = unpackedBytes(format)
  board.show(format.set, { state: 'unpacking', bytes: 0, totalBytes, notice: null, failure: null })
  const onProgress = (bytes: number) => board.progress(format.set, bytes, totalBytes)
  await ingest(format, files, source, { store, signal, onProgress })
  await store.downloads.drop(format.set)
}

/** The archive's address: a folder's address (ending in a slash) is completed by the archive's name. */
function archiveUrl(url: string | null, defaultBase: string, { archive }: CifarFormat): string {
  if (url !== null && !/^(https?:\/\/[^/]|\/)/.test(url)) {
    throw new AppError(
      'archive-unreachable',
      `“${url}” is not a web address; enter one that begins with https://.`,
    )
  }
  const given = url ?? defaultBase
  return given.endsWith('/') ? given + archive : given
}
