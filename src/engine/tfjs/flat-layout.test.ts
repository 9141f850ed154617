import { expect, test } from 'vitest'
import { layOut, pack, unpack } from './flat-layout.ts'

const layout = layOut([
  { name: 'conv', shape: [2, 3, 1, 1] },
  { name: 'linear', shape: [2, 3] },
  { name: 'bias', shape: [2] },
])
const state = {
  conv: Float32Array.of(1, 2, 3, 4, 5, 6),
  linear: Float32Array.of(1, 2, 3, 4, 5, 6),
  bias: Float32Array.of(7, 8),
}

test('tensors lie one after the other, with tfjs’s axes', () => {
  expect(layout).toEqual({
    entries: [
      { name: 'conv', shape: [1, 1, 3, 2], offset: 0, size: 6 },
      { name: 'linear', shape: [3, 2], offset: 6, size: 6 },
      { name: 'bias', shape: [2], offset: 12, size: 2 },
    ],
    size: 14,
  })
})

test('out–in becomes in–out', () => {
  expect(Array.from(pack(layout, state))).toEqual([1, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6, 7, 8])
})

test('OIHW becomes HWIO, value by value', () => {
  const [O, I, H, W] = [2, 3, 3, 2]
  const torch = Float32Array.from({ length: O * I * H * W }, (_, i) => i)
  const flat = pack(layOut([{ name: 'w', shape: [O, I, H, W] }]), { w: torch })
  for (let o = 0; o < O; o++) {
    for (let i = 0; i < I; i++) {
      for (let h = 0; h < H; h++) {
        for (let w = 0; w < W; w++) {
          expect(flat[((h * W + w) * I + i) * O + o]).toBe(torch[((o * I + i) * H + h) * W + w])
        }
      }
    }
  }
})

test('unpacking a packed state gives the state', () => {
  expect(unpack(layout, pack(layout, state))).toEqual(state)
})

test('a tensor of another size is refused by name, with both sizes', () => {
  expect(() => pack(layout, { ...state, linear: new Float32Array(8) })).toThrow(
    /linear takes 6 values, and the state given has 8/,
  )
})

test('a missing tensor is refused by name', () => {
  const { bias: _, ...rest } = state
  expect(() => pack(layout, rest)).toThrow(/bias takes 2 values, and the state given has none/)
})
