import { describe, expect, test } from 'vitest'
import { layOut, pack, tensorNamed, unpack } from './flat-tensors.ts'

const LAYOUT = layOut([
  { name: 'conv', shape: [5, 3, 3, 3] },
  { name: 'bias', shape: [5] },
  { name: 'linear', shape: [10, 7] },
])
const sequence = (length: number, from: number) => Float32Array.from({ length }, (_, i) => from + i)
const STATE = { conv: sequence(135, 1), bias: sequence(5, 200), linear: sequence(70, 300) }

describe('a flat buffer', () => {
  test('gives back every tensor exactly as it was', () => {
    expect(unpack(LAYOUT, pack(LAYOUT, STATE))).toEqual(STATE)
  })

  test('begins each tensor at a multiple of 256 bytes, without overlap', () => {
    let end = 0
    for (const { offset, bytes } of LAYOUT.tensors) {
      expect(offset % 256).toBe(0)
      expect(offset).toBeGreaterThanOrEqual(end)
      end = offset + bytes
    }
    expect(LAYOUT.bytes).toBeGreaterThanOrEqual(end)
  })

  test('holds zeros wherever no value of a tensor lies', () => {
    const flat = pack(LAYOUT, STATE)
    const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)
    expect(flat.filter((value) => value !== 0)).toHaveLength(135 + 5 + 70)
    expect(sum(flat)).toBe(sum(STATE.conv) + sum(STATE.bias) + sum(STATE.linear))
  })

  test('tells a convolution from a vector', () => {
    expect(tensorNamed(LAYOUT, 'conv').filter).toEqual({ outChannels: 5, inChannels: 3, kernel: 3 })
    expect(tensorNamed(LAYOUT, 'linear').filter).toEqual({ outChannels: 10, inChannels: 7, kernel: 1 })
    expect(tensorNamed(LAYOUT, 'bias').filter).toBeNull()
  })

  test('refuses a state with a tensor missing or of another size, naming it', () => {
    const { bias: _, ...withoutBias } = STATE
    expect(() => pack(LAYOUT, withoutBias)).toThrow(/bias takes 5 values.*has none/)
    expect(() => pack(LAYOUT, { ...STATE, conv: sequence(134, 0) })).toThrow(/conv takes 135 values.*has 134/)
  })
})
