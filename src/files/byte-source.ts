// A file of which any stretch can be read, wherever it lies: one that was given to the page, one on disk, bytes in memory.
import { AppError } from '../base/app-error.ts'

export type ByteSource = {
  /** Its file name, for sentences. */
  readonly name: string
  readonly size: number
  /** The bytes from `from` to before `to`, or to the end. @throws AppError `file-unreadable` */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>
}

/** As much as is in memory at once. */
const CHUNK_BYTES = 1024 * 1024

/** A file that a person gave to the page. It may be gone, or be another, by the time it is read. */
export function sourceOfFile(file: File): ByteSource {
  return {
    name: file.name,
    size: file.size,
    async read(from, to) {
      // To Chrome, what is gone has no bytes, and a slice of it can be read; the whole cannot.
      const wanted = from === 0 && to >= file.size ? file : file.slice(from, to)
      const bytes = await wanted.arrayBuffer().catch((cause: unknown) => {
        throw unreadable(file.name, cause)
      })
      if (bytes.byteLength < wanted.size) throw unreadable(file.name, new Error('it is shorter now'))
      return new Uint8Array(bytes)
    },
  }
}

/** All of a file. @throws AppError `file-unreadable` */
export function bytesOfFile(file: File): Promise<Uint8Array<ArrayBuffer>> {
  return sourceOfFile(file).read(0, file.size)
}

/** A source's bytes from first to last. */
export async function* chunksOfSource(
  source: ByteSource,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (let at = 0; at < source.size; at += CHUNK_BYTES) {
    const chunk = await source.read(at, Math.min(at + CHUNK_BYTES, source.size))
    if (chunk.length === 0) throw unreadable(source.name, new Error(`it ends after ${at} bytes`))
    yield chunk
  }
}

export function unreadable(name: string, cause: unknown): AppError {
  return new AppError(
    'file-unreadable',
    `${name} can no longer be read: it was moved, changed or deleted since it was chosen. Choose or drop it again.`,
    { cause },
  )
}
