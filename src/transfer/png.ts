// PNG files (ISO/IEC 15948) of 8-bit RGB, written strip by strip: an image need not fit in memory, nor in a canvas.
import { crc32 } from './crc32.ts'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const COLOUR_RGB = 2
const FILTER_SUB = 1
const CHANNELS = 3

/** @param strips the image's rows from the top, whole rows of width × 3 bytes */
export async function encodePng(
  { width, height }: { readonly width: number; readonly height: number },
  strips: Iterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, COLOUR_RGB], 8)
  const data = await deflated(strips, width * CHANNELS)
  const parts = [SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** Length, type, data, and a checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

/** The strips' rows as zlib's stream, taken from their iterator as fast as they are compressed. */
async function deflated(strips: Iterable<Uint8Array>, rowBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const iterator = strips[Symbol.iterator]()
  const rows = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { done, value } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(filtered(value, rowBytes))
    },
  })
  const zlib = rows.pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(zlib).arrayBuffer())
}

/** Rows as differences to the pixel on the left, which compress better, each after the number of that filter. */
function filtered(strip: Uint8Array, rowBytes: number): Uint8Array<ArrayBuffer> {
  const rows = strip.length / rowBytes
  const bytes = new Uint8Array(rows * (1 + rowBytes))
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * rowBytes, row * (1 + rowBytes)]
    bytes[to] = FILTER_SUB
    for (let i = 0; i < rowBytes; i++) {
      const left = i < CHANNELS ? 0 : (strip[from + i - CHANNELS] ?? 0)
      bytes[to + 1 + i] = (strip[from + i] ?? 0) - left
    }
  }
  return bytes
}
