// Zip archives (PKWARE's APPNOTE), written with files stored as they are, because weights hardly shrink.
import { zipSync } from 'fflate'

/** 1 January 1980, the format's zero: the same content is the same archive. */
const NO_TIME = new Date(1980, 0, 1)

/** @param files by path; below 4 GiB in all */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(zipSync(Object.fromEntries(files), { level: 0, mtime: NO_TIME }))
}
