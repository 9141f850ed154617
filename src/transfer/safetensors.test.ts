import { describe, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { readSafetensors, toFloat32, writeSafetensors } from './safetensors.ts'

/** A file with this header and so many bytes of data. */
function fileOf(header: unknown, dataBytes = 0, announced?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + text.length + dataBytes)
  new DataView(file.buffer).setBigUint64(0, announced ?? BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const tensor = (
  begin: number,
  end: number,
  shape: unknown = [(end - begin) / 4],
  dtype: unknown = 'F32',
) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

/** The sentence with which a file is refused. */
function refusal(file: Uint8Array): string {
  try {
    readSafetensors(file, 'net.safetensors')
  } catch (error) {
    if (error instanceof AppError && error.code === 'weights-malformed') return error.message
    throw error
  }
  throw new Error('the file was read')
}

test('what is written is read back, bit for bit', () => {
  const floats = Float32Array.of(1.5, -0, 1e-45, 3.4e38, Number.NaN, Infinity)
  const counts = BigInt64Array.of(-(2n ** 63n))
  const file = writeSafetensors(
    [
      { name: 'steps', dtype: 'I64', shape: [], values: counts },
      { name: 'größe "w"', dtype: 'F32', shape: [2, 3], values: floats },
      { name: 'none', dtype: 'F32', shape: [0, 4], values: new Float32Array(0) },
    ],
    { format: 'pt', note: '{"a":1}' },
  )
  const { tensors, metadata } = readSafetensors(file, 'net.safetensors')
  expect(metadata).toEqual({ format: 'pt', note: '{"a":1}' })
  expect([...tensors.keys()]).toEqual(['steps', 'größe "w"', 'none'])
  expect(tensors.get('größe "w"')).toEqual({
    dtype: 'F32',
    shape: [2, 3],
    bytes: new Uint8Array(floats.buffer),
  })
  expect(tensors.get('steps')?.bytes).toEqual(new Uint8Array(counts.buffer))
  expect(tensors.get('none')?.bytes).toHaveLength(0)
})

test('values begin at a multiple of eight bytes, whatever the header’s length', () => {
  for (const name of ['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh']) {
    const file = writeSafetensors([{ name, dtype: 'F32', shape: [1], values: Float32Array.of(1) }], {})
    expect((file.length - 4) % 8).toBe(0)
  }
})

test('values are written from a view into a larger buffer', () => {
  const values = Float32Array.of(9, 1, 2, 9).subarray(1, 3)
  const file = writeSafetensors([{ name: 'v', dtype: 'F32', shape: [2], values }], {})
  const stored = readSafetensors(file, 'v').tensors.get('v')
  expect(stored && toFloat32(stored)).toEqual(Float32Array.of(1, 2))
})

test('a file that lies at an odd place in memory is read', () => {
  const file = writeSafetensors([{ name: 'v', dtype: 'F32', shape: [2], values: Float32Array.of(1, 2) }], {})
  const odd = new Uint8Array(file.length + 1)
  odd.set(file, 1)
  const stored = readSafetensors(odd.subarray(1), 'v').tensors.get('v')
  expect(stored && toFloat32(stored)).toEqual(Float32Array.of(1, 2))
})

describe('conversion to 32-bit floats', () => {
  test.each([
    [
      'F16',
      [0x3c00, 0x3555, 0x7bff, 0x0001, 0x8000, 0xfc00],
      [1, 0.333251953125, 65504, 2 ** -24, -0, -Infinity],
    ],
    [
      'BF16',
      [0x3f80, 0x3eab, 0x7f7f, 0x0001, 0x8000, 0xff80],
      [1, 0.333984375, 3.3895313892515355e38, 2 ** -133, -0, -Infinity],
    ],
  ] as const)('%s', (dtype, bits, values) => {
    const bytes = new Uint8Array(Uint16Array.from(bits).buffer)
    expect(toFloat32({ dtype, shape: [bits.length], bytes })).toEqual(Float32Array.from(values))
  })

  test('a half-precision NaN stays one', () => {
    for (const [dtype, bits] of [
      ['F16', 0x7e00],
      ['BF16', 0x7fc0],
    ] as const) {
      const bytes = new Uint8Array(Uint16Array.of(bits).buffer)
      expect(toFloat32({ dtype, shape: [1], bytes })).toEqual(Float32Array.of(Number.NaN))
    }
  })

  test('F64 and I64 are rounded', () => {
    const doubles = new Uint8Array(Float64Array.of(0.1, -1e300).buffer)
    expect(toFloat32({ dtype: 'F64', shape: [2], bytes: doubles })).toEqual(Float32Array.of(0.1, -Infinity))
    const integers = new Uint8Array(BigInt64Array.of(-3n, 2n ** 24n + 1n).buffer)
    expect(toFloat32({ dtype: 'I64', shape: [2], bytes: integers })).toEqual(Float32Array.of(-3, 2 ** 24))
  })
})

describe('a file is refused with what is wrong with it', () => {
  test.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'it is empty'],
    ['too short for a header', new Uint8Array(7), 'it has 7 bytes, too few for a header'],
    ['a header longer than the file', fileOf({}, 3, 6n), 'its header doesn’t fit in its 13 bytes'],
    ['a header of 2⁶⁴ − 1 bytes', fileOf({}, 0, 2n ** 64n - 1n), 'its header doesn’t fit in its 10 bytes'],
    ['a web page', new TextEncoder().encode('<!doctype html><title>404</title>'), 'it is a web page'],
    ['a header that is not JSON', fileOf('{"a":'), 'its header is not JSON'],
    ['a header that is not UTF-8', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), 'its header is not JSON'],
    ['a header that is a list', fileOf([]), 'its header is not a table of tensors'],
    ['a tensor twice', fileOf('{"w":{},"w":{}}'), 'its header lists w twice'],
    [
      'an entry without offsets',
      fileOf({ w: { dtype: 'F32', shape: [1] } }, 4),
      'its entry for w lacks a valid',
    ],
    ['a negative offset', fileOf({ w: tensor(-4, 0, [1]) }, 4), 'its entry for w lacks a valid'],
    ['a negative side', fileOf({ w: tensor(0, 4, [-1]) }, 4), 'its entry for w lacks a valid'],
    [
      'a side that is no whole number',
      fileOf({ w: tensor(0, 4, [1.5]) }, 4),
      'its entry for w lacks a valid',
    ],
    [
      'an unknown type',
      fileOf({ w: tensor(0, 4, [1], 'C64') }, 4),
      'w has the type C64, and F64, F32, F16, BF16, I64 can be read',
    ],
    [
      'a type that every object has',
      fileOf({ w: tensor(0, 4, [1], 'constructor') }, 4),
      'w has the type constructor',
    ],
    [
      'a shape that its bytes do not fill',
      fileOf({ w: tensor(0, 8, [3]) }, 8),
      'w of shape [3] needs 12 bytes, and its offsets give it 8',
    ],
    [
      'a shape whose product overflows',
      fileOf({ w: tensor(0, 4, [2 ** 52, 2 ** 52, 2 ** 52]) }, 4),
      'its offsets give it 4',
    ],
    ['offsets the wrong way round', fileOf({ w: tensor(4, 0, [1]) }, 4), 'its offsets give it -4'],
    ['a tensor past the end', fileOf({ w: tensor(0, 8) }, 4), 'w ends at byte 8 of its data, which has 4'],
    [
      'tensors that overlap',
      fileOf({ v: tensor(0, 8), w: tensor(4, 12) }, 12),
      'w begins at byte 4 of its data, and the tensor before it ends at 8',
    ],
    [
      'a hole between tensors',
      fileOf({ v: tensor(0, 4), w: tensor(8, 12) }, 12),
      'w begins at byte 8 of its data, and the tensor before it ends at 4',
    ],
    [
      'bytes after the last tensor',
      fileOf({ w: tensor(0, 4) }, 5),
      'its tensors end at byte 4 of its data, which has 5',
    ],
    [
      'metadata that is no text',
      fileOf({ __metadata__: { steps: 3 } }),
      'its metadata is not a table of texts',
    ],
  ])('%s', (_, file, why) => {
    const sentence = refusal(file)
    expect(sentence).toMatch(
      /^net\.safetensors isn’t a valid safetensors file: .*\. (Export or download it again|Open its address in the browser, .*)\.$/,
    )
    expect(sentence).toContain(why)
  })
})
