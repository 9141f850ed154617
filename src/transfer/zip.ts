// Zip archives whose files are stored as they are (PKWARE's APPNOTE 6.3, without zip64).
import { crc32 } from './crc32.ts'
import { joinBytes } from './join-bytes.ts'

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
/** Names are UTF-8. */
const FLAGS = 1 << 11
const VERSION = 20
/** 1 January 1980, midnight, the format's zero: the same content is the same archive. */
const NO_TIME = [0, 0x21] as const

/** @param files at most 65,535, and below 4 GiB in all */
export function storedZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const contents: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let end = 0
  for (const [path, bytes] of files) {
    const name = new TextEncoder().encode(path)
    const sizes = [halves(crc32(bytes)), halves(bytes.length), halves(bytes.length)].flat()
    const common = [VERSION, FLAGS, 0, ...NO_TIME, ...sizes, name.length, 0]
    const local = words([...halves(LOCAL_HEADER), ...common])
    directory.push(
      words([...halves(CENTRAL_HEADER), VERSION, ...common, 0, 0, 0, 0, 0, ...halves(end)]),
      name,
    )
    contents.push(local, name, bytes)
    end += local.length + name.length + bytes.length
  }
  const directoryBytes = joinBytes(directory)
  const tail = words([
    ...halves(END_OF_DIRECTORY),
    0,
    0,
    files.size,
    files.size,
    ...halves(directoryBytes.length),
    ...halves(end),
    0,
  ])
  return joinBytes([...contents, directoryBytes, tail])
}

/** A number of 32 bits as two of 16, the lower first. */
const halves = (value: number) => [value & 0xffff, value >>> 16]

/** 16 bits each, little-endian. */
function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * values.length)
  const view = new DataView(bytes.buffer)
  for (const [i, value] of values.entries()) view.setUint16(2 * i, value, true)
  return bytes
}
