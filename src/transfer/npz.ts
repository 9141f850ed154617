// NumPy's archives (numpy.lib.format, version 1.0): `numpy.load('weights.npz')['conv1.weight']`.
import { bytesOf, joinBytes } from './join-bytes.ts'
import type { TensorToWrite } from './safetensors.ts'
import { writeZip } from '../files/zip.ts'

export function writeNpz(tensors: readonly TensorToWrite[]): Uint8Array<ArrayBuffer> {
  return writeZip(new Map(tensors.map((tensor) => [`${tensor.name}.npy`, npy(tensor)])))
}

const MAGIC = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0)
const LENGTH_BYTES = 2
const ALIGNMENT = 64

/** Magic, the header's length, a Python dictionary that is padded with spaces to 64 bytes in all, the values. */
function npy({ dtype, shape, values }: TensorToWrite): Uint8Array {
  const type = dtype === 'F32' ? '<f4' : '<i8'
  const sides = shape.map((side) => `${side},`).join('')
  const fields = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`
  const before = MAGIC.length + LENGTH_BYTES
  const length = Math.ceil((before + fields.length + 1) / ALIGNMENT) * ALIGNMENT - before
  const header = new TextEncoder().encode(`${fields.padEnd(length - 1)}\n`)
  return joinBytes([MAGIC, Uint8Array.of(length & 0xff, length >>> 8), header, bytesOf(values)])
}
