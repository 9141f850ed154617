// A data set of a few images in CIFAR's format, with digests of its own, for tests that pack, serve and damage archives.
import { sha256 } from 'hash-wasm'
import { packTar } from 'modern-tar'
import { createRandom } from '../../base/random.ts'
import { streamOf } from '../../files/byte-streams.ts'
import {
  CIFAR_10,
  CIFAR_100,
  type CifarFormat,
  type CifarSetId,
  recordBytes,
} from '../../data/cifar/cifar-format.ts'

export type TinySet = {
  readonly format: CifarFormat
  /** By member name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/** Random images with labels in range. Another seed makes another set of the same name. */
export async function createTinySet(
  set: CifarSetId = 'cifar10',
  { images = 7, seed = 1 }: { images?: number; seed?: number } = {},
): Promise<TinySet> {
  const official = set === 'cifar10' ? CIFAR_10 : CIFAR_100
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const members = []
  for (const member of official.members) {
    const records = randomRecords(official, images, `${seed}/${member.name}`)
    files.set(member.name, records)
    members.push({ ...member, images, sha256: await sha256(records) })
  }
  return { format: { ...official, members }, files }
}

function randomRecords(format: CifarFormat, images: number, stream: string): Uint8Array<ArrayBuffer> {
  const random = createRandom(1, stream)
  const records = new Uint8Array(images * recordBytes(format))
  for (let at = 0; at < records.length; at++) records[at] = random.below(256)
  for (let image = 0; image < images; image++) {
    const at = image * recordBytes(format)
    if (format.coarseNames) records[at] = random.below(format.coarseNames.length)
    records[at + (format.coarseNames ? 1 : 0)] = random.below(format.classNames.length)
  }
  return records
}

/** A .tar of these files in a folder, with the text files that the official archives have. */
export async function packFiles(
  files: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>,
  folder = 'cifar-batches-bin',
): Promise<Uint8Array<ArrayBuffer>> {
  const mtime = new Date(0)
  const readme = new TextEncoder().encode('<h1>Read me</h1>')
  return packTar([
    { header: { name: `${folder}/`, size: 0, type: 'directory', mtime } },
    ...[['readme.html', readme] as const, ...files].map(([name, body]) => ({
      header: { name: `${folder}/${name}`, size: body.length, mtime },
      body,
    })),
  ])
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = streamOf(piecesOf(bytes)).pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

/** The set's archive, its members not in the order of the format (nor are the official ones). */
export async function archiveOf({ files }: TinySet): Promise<Uint8Array<ArrayBuffer>> {
  return gzip(await packFiles([...files].toReversed()))
}

/** Bytes as they come from a network: piece by piece. */
export async function* piecesOf(bytes: Uint8Array<ArrayBuffer>, pieceBytes = 50_000) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes)
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
