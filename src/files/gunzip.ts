// gzip as any program writes it: several members one after the other, as `cat` and parallel packers make, and zeros after
// the last. The browsers' own DecompressionStream refuses all but one member.
import { Inflate } from 'pako'

/** Unpacked at once. */
const CHUNK_BYTES = 256 * 1024
const MAGIC = 0x1f

/** @throws Error where the stream is damaged, or ends before its last member does */
export async function* gunzip(
  packed: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let unpacked: Uint8Array<ArrayBuffer>[] = []
  const beginMember = () => {
    const member = new Inflate({ windowBits: 31, chunkSize: CHUNK_BYTES })
    member.onData = (chunk) => void unpacked.push(chunk)
    return member
  }
  let member = beginMember()
  for await (const piece of packed) {
    // Within a piece, the library goes on to the next member by itself.
    if (member.ended && piece[0] === MAGIC) member = beginMember()
    if (!member.ended && !member.push(piece)) throw new Error(member.msg)
    yield* unpacked
    unpacked = []
  }
  if (!member.ended) throw new Error('the stream ends too early')
}
