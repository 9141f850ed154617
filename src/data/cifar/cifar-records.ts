// CIFAR's binary records, from a stream of bytes to images, with the file's digest checked on the way.
import { createSHA256 } from 'hash-wasm'
import { AppError } from '../../base/app-error.ts'
import { IMAGE_BYTES, type Split } from '../../base/data-set.ts'
import { type CifarFormat, type CifarMember, memberBytes, recordBytes, splitImages } from './cifar-format.ts'
import type { ImageSet } from '../image-set.ts'

/** 3 MB of pixels: small enough to page through a class, large enough that 60 of them hold CIFAR. */
const CHUNK_IMAGES = 1_000

/** Consecutive images of a member. The arrays own their buffers, and hold until the next chunk is asked for. */
export type ImageChunk = {
  readonly count: number
  /** count × 3,072 bytes, planar R, G, B. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly labels: Uint8Array<ArrayBuffer>
  /** Null where the set has no coarse classes. */
  readonly coarseLabels: Uint8Array<ArrayBuffer> | null
}

/**
 * A member's images, in chunks, as its bytes arrive. They are verified only once the iteration has ended: a digest
 * is known at a file's last byte.
 * @throws AppError `label-out-of-range`, `archive-truncated`, `archive-digest`
 */
export async function* readMember(
  format: CifarFormat,
  member: CifarMember,
  bytes: AsyncIterable<Uint8Array>,
  chunkImages: number = CHUNK_IMAGES,
): AsyncGenerator<ImageChunk, void, undefined> {
  const size = recordBytes(format)
  const record = new Uint8Array(size)
  const sha256 = await createSHA256()
  sha256.init()
  const chunk = createChunk(format, chunkImages)
  let total = 0
  for await (const piece of bytes) {
    sha256.update(piece)
    if (total + piece.length > memberBytes(format, member)) throw tooLong(format, member)
    for (let at = 0; at < piece.length;) {
      const filled = total % size
      const taken = piece.subarray(at, at + size - filled)
      record.set(taken, filled)
      at += taken.length
      total += taken.length
      if (filled + taken.length < size) break
      checkLabels(format, member, record, total / size - 1)
      chunk.add(record)
      if (chunk.isFull()) yield chunk.take()
    }
  }
  if (total < memberBytes(format, member)) throw truncated(format, member, total)
  const rest = chunk.take()
  if (rest.count > 0) yield rest
  checkDigest(format, member, sha256.digest())
}

/**
 * The first images of a split, or all of them, from wherever its files are; every file that is read is read whole and
 * its digest checked.
 * @param open a member's bytes, by its file name
 * @throws AppError as `readMember` does, and whatever `open` throws
 */
export async function readSplit(
  format: CifarFormat,
  split: Split,
  open: (name: string) => AsyncIterable<Uint8Array>,
  limit: number | null,
): Promise<ImageSet> {
  const count = Math.min(limit ?? Infinity, splitImages(format, split))
  const pixels = new Uint8Array(count * IMAGE_BYTES)
  const labels = new Uint8Array(count)
  let read = 0
  for (const member of format.members) {
    if (member.split !== split || read >= count) continue
    for await (const chunk of readMember(format, member, open(member.name))) {
      const wanted = Math.min(chunk.count, count - read)
      pixels.set(chunk.pixels.subarray(0, wanted * IMAGE_BYTES), read * IMAGE_BYTES)
      labels.set(chunk.labels.subarray(0, wanted), read)
      read += wanted
    }
  }
  return { count, pixels, labels, classNames: format.classNames }
}

/** One buffer for all chunks of a member: garbage of this size is collected late. */
function createChunk(format: CifarFormat, capacity: number) {
  const pixels = new Uint8Array(capacity * IMAGE_BYTES)
  const labels = new Uint8Array(capacity)
  const coarseLabels = format.coarseNames && new Uint8Array(capacity)
  const labelBytes = recordBytes(format) - IMAGE_BYTES
  let filled = 0
  return {
    add(record: Uint8Array) {
      if (coarseLabels) coarseLabels[filled] = record[0] ?? 0
      labels[filled] = record[labelBytes - 1] ?? 0
      pixels.set(record.subarray(labelBytes), filled * IMAGE_BYTES)
      filled++
    },
    isFull: () => filled === capacity,
    /** What was added since the last time. */
    take(): ImageChunk {
      const count = filled
      filled = 0
      if (count === capacity) return { count, pixels, labels, coarseLabels }
      return {
        count,
        pixels: pixels.slice(0, count * IMAGE_BYTES),
        labels: labels.slice(0, count),
        coarseLabels: coarseLabels && coarseLabels.slice(0, count),
      }
    },
  }
}

function checkLabels(format: CifarFormat, member: CifarMember, record: Uint8Array, index: number): void {
  const groups = format.coarseNames ? [format.coarseNames, format.classNames] : [format.classNames]
  for (const [at, names] of groups.entries()) {
    const label = record[at] ?? 0
    if (label < names.length) continue
    const kind = names === format.coarseNames ? 'coarse label' : 'label'
    throw new AppError(
      'label-out-of-range',
      `${member.name}: image ${(index + 1).toLocaleString('en')} has the ${kind} ${label}, but those of ${format.title} ` +
        `are 0 to ${names.length - 1}; the file is damaged or of another data set, so get it again.`,
    )
  }
}

function truncated(format: CifarFormat, member: CifarMember, total: number): AppError {
  const records = Math.floor(total / recordBytes(format))
  return new AppError(
    'archive-truncated',
    `${member.name} ends after ${records.toLocaleString('en')} of ${member.images.toLocaleString('en')} images ` +
      `(${total.toLocaleString('en')} of ${memberBytes(format, member).toLocaleString('en')} bytes); get it again.`,
  )
}

function tooLong(format: CifarFormat, member: CifarMember): AppError {
  return new AppError(
    'archive-digest',
    `${member.name} is longer than the ${memberBytes(format, member).toLocaleString('en')} bytes of the file that ` +
      `${format.title} publishes; get the archive from another place.`,
  )
}

function checkDigest(format: CifarFormat, member: CifarMember, digest: string): void {
  if (digest === member.sha256) return
  throw new AppError(
    'archive-digest',
    `${member.name} is not the file that ${format.title} publishes: its SHA-256 is ${digest.slice(0, 12)}…, expected ` +
      `${member.sha256.slice(0, 12)}…; get the archive again, or from another place.`,
  )
}
