// A reader of TensorBoard's event files for tests, from the formats' descriptions alone: it shares no code with the
// writer. Its checksum divides bit by bit.

type ReadEvent = {
  wallTime: number
  step: number
  fileVersion: string | null
  scalars: Record<string, number>
}

/** @throws Error where a record is cut off or a checksum is wrong */
export function readEvents(file: Uint8Array): ReadEvent[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const events: ReadEvent[] = []
  for (let at = 0; at < file.length;) {
    if (at + 12 > file.length) throw new Error('the file ends within a head')
    assertChecksum(file.subarray(at, at + 8), view.getUint32(at + 8, true))
    const length = Number(view.getBigUint64(at, true))
    if (at + 16 + length > file.length) throw new Error('the file ends within a record')
    const data = file.subarray(at + 12, at + 12 + length)
    assertChecksum(data, view.getUint32(at + 12 + length, true))
    events.push(readEvent(data))
    at += 16 + length
  }
  return events
}

function assertChecksum(bytes: Uint8Array, stored: number): void {
  let crc = 0xffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n
  }
  crc ^= 0xffffffffn
  const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn
  if ((rotated + 0xa282ead8n) % 2n ** 32n !== BigInt(stored)) throw new Error('a checksum is wrong')
}

type Field = { number: number; bytes: Uint8Array; value: number }

/** Fields of a protobuf message. */
function fieldsOf(message: Uint8Array): Field[] {
  let at = 0
  const varint = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++] ?? 0
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const take = (length: number) => message.subarray(at, (at += length))
  const fields: Field[] = []
  while (at < message.length) {
    const tag = varint()
    const [number, wire] = [tag >> 3, tag & 7]
    if (wire === 0) fields.push({ number, bytes: new Uint8Array(), value: varint() })
    else if (wire === 1 || wire === 5) {
      const bytes = take(wire === 1 ? 8 : 4)
      const view = new DataView(bytes.buffer, bytes.byteOffset)
      fields.push({ number, bytes, value: wire === 1 ? view.getFloat64(0, true) : view.getFloat32(0, true) })
    } else if (wire === 2) fields.push({ number, bytes: take(varint()), value: 0 })
    else throw new Error(`wire type ${wire}`)
  }
  return fields
}

function readEvent(message: Uint8Array): ReadEvent {
  const event: ReadEvent = { wallTime: 0, step: 0, fileVersion: null, scalars: {} }
  for (const { number, bytes, value } of fieldsOf(message)) {
    if (number === 1) event.wallTime = value
    if (number === 2) event.step = value
    if (number === 3) event.fileVersion = new TextDecoder().decode(bytes)
    if (number !== 5) continue
    for (const { bytes: scalar } of fieldsOf(bytes)) {
      const parts = fieldsOf(scalar)
      const tag = new TextDecoder().decode(parts.find((part) => part.number === 1)?.bytes)
      event.scalars[tag] = parts.find((part) => part.number === 2)?.value ?? Number.NaN
    }
  }
  return event
}
