// Zip archives (PKWARE's APPNOTE): written with files stored as they are, because weights hardly shrink; read with
// whatever another program made of them, within limits that are looked at before anything is unpacked.
import { unzipSync, type UnzipFileInfo, zipSync } from 'fflate'
import type { AppError } from '../base/app-error.ts'

/** 1 January 1980, the format's zero: the same content is the same archive. */
const NO_TIME = new Date(1980, 0, 1)

/** @param files by path; below 4 GiB in all */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(zipSync(Object.fromEntries(files), { level: 0, mtime: NO_TIME }))
}

type Limits = {
  /** Of one file, unpacked, and of all. */
  readonly fileBytes: number
  readonly archiveBytes: number
  readonly files: number
  /** Makes the failure of what is wrong. */
  readonly refuse: (what: string) => AppError
}

/**
 * The archive's files by path, folders left out.
 * @throws what `refuse` makes of an archive that is damaged, or larger than the limits
 */
export function readZip(archive: Uint8Array, limits: Limits): ReadonlyMap<string, Uint8Array> {
  const { refuse } = limits
  const declared = new Map<string, number>()
  let all = 0
  const unpacked = unzip(archive, refuse, ({ name, originalSize }) => {
    if (declared.has(name)) throw refuse(`it has two files ${name}`)
    if (originalSize > limits.fileBytes) throw refuse(`${name} would take ${originalSize} bytes`)
    all += originalSize
    declared.set(name, originalSize)
    if (declared.size > limits.files) throw refuse(`it has more than ${limits.files} files`)
    if (all > limits.archiveBytes) throw refuse(`its files would take more than ${limits.archiveBytes} bytes`)
    return !name.endsWith('/')
  })
  const files = new Map(Object.entries(unpacked))
  for (const [name, { length }] of files) {
    if (length !== declared.get(name)) throw refuse(`${name} is not as long as the archive says`)
  }
  return files
}

function unzip(
  archive: Uint8Array,
  refuse: Limits['refuse'],
  filter: (file: UnzipFileInfo) => boolean,
): Record<string, Uint8Array> {
  let refused: unknown = null
  try {
    return unzipSync(archive, {
      filter(file) {
        try {
          return filter(file)
        } catch (error) {
          refused = error
          throw error
        }
      },
    })
  } catch (error) {
    if (refused !== null) throw refused
    throw refuse(
      error instanceof Error
        ? `it is not a zip archive that can be read (${error.message})`
        : 'it is damaged',
    )
  }
}
