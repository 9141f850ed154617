// Protocol Buffers' wire format, as far as TensorBoard's events and ONNX need it: a message is its fields, joined.
// https://protobuf.dev/programming-guides/encoding/
import { bytesOf, joinBytes } from './join-bytes.ts'

export type Bytes = Uint8Array<ArrayBuffer>

const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const

/** @param value a whole number, not negative */
export const integer = (field: number, value: number): Bytes =>
  joinBytes([key(field, 'varint'), Uint8Array.from(varint(value))])
export const float = (field: number, value: number): Bytes =>
  joinBytes([key(field, 'fixed32'), bytesOf(Float32Array.of(value))])
export const double = (field: number, value: number): Bytes =>
  joinBytes([key(field, 'fixed64'), bytesOf(Float64Array.of(value))])
export const text = (field: number, value: string): Bytes => message(field, [new TextEncoder().encode(value)])

/** A message within a message, or bytes. */
export function message(field: number, parts: readonly Uint8Array[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return joinBytes([key(field, 'lengthDelimited'), Uint8Array.from(varint(length)), ...parts])
}

const key = (field: number, wire: keyof typeof WIRE) => Uint8Array.from(varint((field << 3) | WIRE[wire]))

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]
}
