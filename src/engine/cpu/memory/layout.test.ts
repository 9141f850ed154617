import { describe, expect, test } from 'vitest'
import { elements } from '../../../network/network-facts.ts'
import { noise } from '../../../testing/webgpu/test-noise.ts'
import {
  flatTensors,
  FLOAT_BYTES,
  imageLayout,
  LANES,
  pack,
  STRETCH_BYTES,
  tensorNamed,
  unpack,
} from './layout.ts'

const TENSORS = [
  { name: 'first', shape: [5, 3, 3, 3] },
  { name: 'vector', shape: [13] },
  { name: 'wide', shape: [130, 33, 1, 1] },
  { name: 'linear', shape: [10, 64] },
]
const STORED = new Map([
  ['first', 4],
  ['wide', 40],
  ['linear', 64],
])
const flat = flatTensors(TENSORS, (name) => STORED.get(name) ?? 0)
const values = Object.fromEntries(
  TENSORS.map(({ name, shape }, i) => [name, Float32Array.from(noise(elements(shape), i))]),
)

describe('tensors in one flat memory', () => {
  test('begin at stretches of their own, one behind the other', () => {
    let end = 0
    for (const { offset, bytes } of flat.tensors) {
      expect(offset % STRETCH_BYTES).toBe(0)
      expect(offset).toBeGreaterThanOrEqual(end)
      end = offset + bytes
    }
    expect(flat.bytes).toBe(Math.ceil(end / STRETCH_BYTES) * STRETCH_BYTES)
  })

  test('come out as they went in', () => {
    expect(unpack(flat, pack(flat, values))).toEqual(values)
  })

  test('hold each value once, and zeros besides', () => {
    const packed = pack(flat, values)
    const given = Object.values(values).reduce((sum, { length }) => sum + length, 0)
    expect(packed.filter((value) => value !== 0)).toHaveLength(given)
    expect(packed.toSorted().filter((value) => value !== 0)).toEqual(
      Float32Array.from(Object.values(values).flatMap((tensor) => Array.from(tensor))).toSorted(),
    )
  })

  test('are filters of [out ÷ 8][row][column][in][8]', () => {
    const packed = pack(flat, values)
    const { offset } = tensorNamed(flat, 'wide')
    // Output 19, input 7.
    const at = offset / FLOAT_BYTES + (Math.floor(19 / LANES) * 40 + 7) * LANES + (19 % LANES)
    expect(packed[at]).toBe(values['wide']?.[19 * 33 + 7])
    const first = tensorNamed(flat, 'first').offset / FLOAT_BYTES
    // Output 4, input 2, row 1, column 2.
    expect(packed[first + ((1 * 3 + 2) * 4 + 2) * LANES + 4]).toBe(
      values['first']?.[((4 * 3 + 2) * 3 + 1) * 3 + 2],
    )
  })

  test('that are missing, or of another size, are refused by name', () => {
    const { vector: _, ...others } = values
    expect(() => pack(flat, others)).toThrow(/vector takes 13 values, and the state given has none/)
    expect(() => pack(flat, { ...values, vector: new Float32Array(12) })).toThrow(/has 12/)
  })

  test('of no known shape are refused', () => {
    expect(() => flatTensors([{ name: 'five', shape: [1, 1, 5, 5] }], () => 8)).toThrow(/5×5/)
    expect(() => tensorNamed(flat, 'nobody')).toThrow(/nobody/)
  })
})

describe.each([
  [1, 1],
  [7, 9],
])('images of %i×%i pixels', (height, width) => {
  test('lie with or without a border of one pixel', () => {
    const plain = imageLayout({ height, width, channels: 5 }, 8, 0)
    expect(plain).toMatchObject({ pixel: 32, row: 32 * width, image: 32 * width * height, inside: 0 })
    const bordered = imageLayout({ height, width, channels: 5 }, 8, 1)
    expect(bordered.image).toBe(32 * (width + 2) * (height + 2))
    // The pixel in the corner is the second of the second row; the last one has as much behind it.
    expect(bordered.inside).toBe(bordered.row + bordered.pixel)
    const end = bordered.inside + (height - 1) * bordered.row + width * bordered.pixel
    expect(bordered.image - end).toBe(bordered.inside)
  })
})
