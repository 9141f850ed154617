// The archive is read by the formats' descriptions alone, with zlib's own checksum.
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { writeNpz } from './npz.ts'

type Entry = { readonly name: string; readonly bytes: Buffer }

/** The files that a zip's directory lists. @throws Error where a header or a checksum is wrong */
function readZip(file: Buffer): Entry[] {
  const end = file.length - 22
  if (file.readUInt32LE(end) !== 0x06054b50) throw new Error('no end of directory')
  let at = file.readUInt32LE(end + 16)
  if (at + file.readUInt32LE(end + 12) !== end) throw new Error('the directory does not end before its end')
  return Array.from({ length: file.readUInt16LE(end + 10) }, () => {
    if (file.readUInt32LE(at) !== 0x02014b50) throw new Error('no entry of the directory')
    const nameLength = file.readUInt16LE(at + 28)
    const name = file.toString('utf8', at + 46, at + 46 + nameLength)
    const local = file.readUInt32LE(at + 42)
    if (file.readUInt32LE(local) !== 0x04034b50) throw new Error(`no file for ${name}`)
    if (file.toString('utf8', local + 30, local + 30 + nameLength) !== name) throw new Error('two names')
    const start = local + 30 + nameLength + file.readUInt16LE(local + 28)
    const bytes = file.subarray(start, start + file.readUInt32LE(at + 24))
    if (crc32(bytes) !== file.readUInt32LE(at + 16)) throw new Error(`${name} has another checksum`)
    at += 46 + nameLength
    return { name, bytes }
  })
}

/** A .npy file's dictionary and its values' bytes. */
function readNpy(bytes: Buffer): { header: string; values: Buffer } {
  if (bytes.toString('latin1', 0, 8) !== '\u0093NUMPY\u0001\u0000') throw new Error('no NumPy array')
  const begin = 10 + bytes.readUInt16LE(8)
  if (begin % 64 !== 0) throw new Error('the values are not aligned')
  return { header: bytes.toString('latin1', 10, begin), values: bytes.subarray(begin) }
}

test('an archive holds each tensor in its shape and type, its values bit for bit', () => {
  const values = Float32Array.of(1.5, -2, Math.fround(0.1), 0, 1e-40, 7)
  const file = writeNpz([
    { name: 'conv1.weight', dtype: 'F32', shape: [2, 3], values },
    { name: 'bias', dtype: 'F32', shape: [1], values: Float32Array.of(-0) },
    { name: 'bn1.num_batches_tracked', dtype: 'I64', shape: [], values: BigInt64Array.of(64_000n) },
  ])
  const entries = readZip(Buffer.from(file))
  expect(entries.map(({ name }) => name)).toEqual([
    'conv1.weight.npy',
    'bias.npy',
    'bn1.num_batches_tracked.npy',
  ])
  const [matrix, vector, scalar] = entries.map(({ bytes }) => readNpy(bytes))
  expect(matrix?.header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2,3,\), \} *\n$/)
  expect(matrix?.values.equals(Buffer.from(values.buffer))).toBe(true)
  expect(vector?.header).toContain("'shape': (1,)")
  expect(vector?.values.readFloatLE()).toBe(-0)
  expect(scalar?.header).toMatch(/^\{'descr': '<i8', 'fortran_order': False, 'shape': \(\), \} *\n$/)
  expect(scalar?.values.readBigInt64LE()).toBe(64_000n)
})

test('the same tensors are the same archive', () => {
  const tensors = [{ name: 'a', dtype: 'F32', shape: [1], values: Float32Array.of(1) }] as const
  expect(writeNpz(tensors)).toEqual(writeNpz(tensors))
})
