// The safetensors format (https://github.com/huggingface/safetensors): 8 bytes with the header's length, a JSON header
// that gives each tensor's type, shape and place, then the values, little-endian, without gaps.
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { fileKindOf } from '../files/file-kinds.ts'
import { firstDuplicateKey } from './duplicate-key.ts'

const LENGTH_BYTES = 8
/** The format's own limit on a header. */
const MAX_HEADER_BYTES = 100_000_000
const MAX_TENSORS = 100_000
const METADATA = '__metadata__'

const BYTES_PER_VALUE = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8 } as const
type DType = keyof typeof BYTES_PER_VALUE

export type TensorToWrite =
  | {
      readonly name: string
      readonly dtype: 'F32'
      readonly shape: readonly number[]
      readonly values: Float32Array
    }
  | {
      readonly name: string
      readonly dtype: 'I64'
      readonly shape: readonly number[]
      readonly values: BigInt64Array
    }

export type StoredTensor = {
  readonly dtype: DType
  readonly shape: readonly number[]
  /** The stored bytes, not copied. */
  readonly bytes: Uint8Array
}

export type SafetensorsFile = {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  readonly metadata: Readonly<Record<string, string>>
}

const side = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(side).max(16),
  data_offsets: z.tuple([side, side]),
})
const headerSchema = z.record(z.string(), z.unknown())
const metadataSchema = z.record(z.string(), z.string())

export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { [METADATA]: metadata }
  let end = 0
  for (const { name, dtype, shape, values } of tensors) {
    const begin = end
    end += values.byteLength
    header[name] = { dtype, shape, data_offsets: [begin, end] }
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // Spaces after the header keep the values aligned to 8 bytes.
  const headerBytes = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes)
  file.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + headerBytes
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return file
}

/** The error for a file with something wrong in it, and with what to do, where that is known. */
type Refuse = (what: string, remedy?: string) => AppError

/**
 * Reads a file's header and finds its tensors; nothing is believed before it is checked.
 * @param refuse makes the error; by default one for weights
 * @throws AppError `weights-malformed`, naming the file, what was expected and what was found
 */
export function readSafetensors(
  file: Uint8Array,
  fileName: string,
  refuse: Refuse = (what, remedy = 'Export or download it again.') =>
    new AppError('weights-malformed', `${fileName} isn’t a valid safetensors file: ${what}. ${remedy}`),
): SafetensorsFile {
  const kind = fileKindOf(file)
  if (kind && kind.id !== 'safetensors' && kind.id !== 'lab-checkpoint')
    throw refuse(`it is ${kind.title}`, kind.remedy?.(fileName))
  if (file.length < LENGTH_BYTES) throw refuse(`it has ${file.length} bytes, too few for a header`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const declared = view.getBigUint64(0, true)
  const room = file.length - LENGTH_BYTES
  if (declared > BigInt(Math.min(room, MAX_HEADER_BYTES))) {
    throw refuse(`its header doesn’t fit in its ${file.length} bytes`)
  }
  const dataStart = LENGTH_BYTES + Number(declared)
  const header = parseHeader(file.subarray(LENGTH_BYTES, dataStart), refuse)
  const data = file.subarray(dataStart)
  const tensors = new Map<string, StoredTensor>()
  const spans: { name: string; begin: number; end: number }[] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) continue
    const { dtype, shape, begin, end } = parseEntry(name, value, data.length, refuse)
    spans.push({ name, begin, end })
    tensors.set(name, { dtype, shape, bytes: data.subarray(begin, end) })
  }
  checkSpans(spans, data.length, refuse)
  const metadata = metadataSchema.safeParse(header[METADATA] ?? {})
  if (!metadata.success) throw refuse('its metadata is not a table of texts')
  return { tensors, metadata: metadata.data }
}

function parseHeader(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  let text: string
  let json: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    json = JSON.parse(text)
  } catch {
    throw refuse('its header is not JSON')
  }
  const header = headerSchema.safeParse(json)
  if (!header.success) throw refuse('its header is not a table of tensors')
  const duplicate = firstDuplicateKey(text)
  if (duplicate !== null) throw refuse(`its header lists ${duplicate} twice`)
  if (Object.keys(header.data).length > MAX_TENSORS)
    throw refuse(`its header lists more than ${MAX_TENSORS} tensors`)
  return header.data
}

function parseEntry(
  name: string,
  value: unknown,
  dataBytes: number,
  refuse: Refuse,
): { dtype: DType; shape: readonly number[]; begin: number; end: number } {
  const entry = entrySchema.safeParse(value)
  if (!entry.success) throw refuse(`its entry for ${name} lacks a valid dtype, shape or data_offsets`)
  const { dtype, shape, data_offsets } = entry.data
  if (!isDType(dtype)) {
    throw refuse(`${name} has the type ${dtype}, and ${Object.keys(BYTES_PER_VALUE).join(', ')} can be read`)
  }
  const [begin, end] = data_offsets
  const wanted = shape.reduce((product, length) => product * length, BYTES_PER_VALUE[dtype])
  if (end - begin !== wanted) {
    throw refuse(
      `${name} of shape [${shape.join(', ')}] needs ${wanted} bytes, and its offsets give it ${end - begin}`,
    )
  }
  if (end > dataBytes) throw refuse(`${name} ends at byte ${end} of its data, which has ${dataBytes}`)
  return { dtype, shape, begin, end }
}

function isDType(name: string): name is DType {
  return Object.hasOwn(BYTES_PER_VALUE, name)
}

/** Tensors lie side by side and fill the file: no overlap, no gap, nothing after the last. */
function checkSpans(
  spans: readonly { name: string; begin: number; end: number }[],
  dataBytes: number,
  refuse: Refuse,
): void {
  let at = 0
  for (const { name, begin, end } of spans.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw refuse(`${name} begins at byte ${begin} of its data, and the tensor before it ends at ${at}`)
    at = end
  }
  if (at !== dataBytes) throw refuse(`its tensors end at byte ${at} of its data, which has ${dataBytes}`)
}

/** A stored tensor's values as 32-bit floats. 64-bit values are rounded. */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = BYTES_PER_VALUE[dtype]
  const values = new Float32Array(bytes.length / size)
  for (let i = 0; i < values.length; i++) values[i] = readValue(view, dtype, i * size)
  return values
}

function readValue(view: DataView, dtype: DType, at: number): number {
  switch (dtype) {
    case 'F64':
      return view.getFloat64(at, true)
    case 'F32':
      return view.getFloat32(at, true)
    case 'F16':
      return halfToNumber(view.getUint16(at, true))
    case 'BF16':
      return bfloatToNumber(view.getUint16(at, true))
    case 'I64':
      return Number(view.getBigInt64(at, true))
  }
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const scratch = new DataView(new ArrayBuffer(4))

/** The upper half of a 32-bit float. */
function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits * 0x1_0000)
  return scratch.getFloat32(0)
}
