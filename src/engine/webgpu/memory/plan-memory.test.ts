import { describe, expect, test } from 'vitest'
import type { Dispatch, Lowered, Tensor } from '../lowering/dispatch.ts'
import { planMemory } from './plan-memory.ts'

const DEFAULTS = { maxBufferSize: 256 * 2 ** 20, maxStorageBufferBindingSize: 128 * 2 ** 20 }

/** A dispatch that reads and writes these tensors. */
function dispatch(reads: readonly number[], writes: readonly number[]): Dispatch {
  const names = [...reads.map((id) => `r${id}`), ...writes.map((id) => `w${id}`)]
  return {
    kernel: {
      label: 'test',
      wgsl: '',
      bindings: names.map((name) => ({ name, access: name.startsWith('r') ? 'read' : 'read-write' })),
      constants: {},
      dims: [],
      workgroups: [1, 1, 1],
      flops: 0,
      bytes: 0,
    },
    operands: Object.fromEntries(names.map((name) => [name, { tensor: Number(name.slice(1)), bytes: 4 }])),
  }
}

const tensors = (...bytes: readonly number[]): Tensor[] =>
  bytes.map((size, id) => ({ id, bytes: size, label: `tensor ${id}` }))

/** 0 → 1 → 2 → … each read by the next dispatch only. */
function chain(length: number, bytes: number): Lowered {
  const dispatches = Array.from({ length: length - 1 }, (_, i) => dispatch([i], [i + 1]))
  return { tensors: tensors(...Array.from({ length }, () => bytes)), dispatches }
}

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0)

describe('planMemory', () => {
  test('a chain of any length needs the room of two of its tensors', () => {
    expect(total(planMemory(chain(20, 1024), DEFAULTS).arenaBytes)).toBe(2 * 1024)
  })

  test('a tensor that is read again at the end keeps its bytes until then', () => {
    const lowered = chain(4, 1024)
    const { places } = planMemory(
      {
        tensors: tensors(1024, 1024, 1024, 1024, 1024),
        dispatches: [...lowered.dispatches, dispatch([0, 3], [4])],
      },
      DEFAULTS,
    )
    for (const place of places.slice(1)) expect(place).not.toEqual(places[0])
  })

  test('what one dispatch reads and writes lies in different arenas', () => {
    const lowered: Lowered = {
      tensors: tensors(512, 256, 1024, 512),
      dispatches: [dispatch([0, 1], [2]), dispatch([2, 0], [3])],
    }
    const { places } = planMemory(lowered, DEFAULTS)
    const arena = (id: number) => places[id]?.arena
    expect(arena(0)).not.toBe(arena(2))
    expect(arena(1)).not.toBe(arena(2))
    expect(arena(2)).not.toBe(arena(3))
    expect(arena(0)).not.toBe(arena(3))
  })

  test('tensors that live at the same time never overlap, whatever their sizes', () => {
    const sizes = [700, 12, 5000, 256, 300, 4096, 64, 900]
    const dispatches = sizes.slice(2).map((_, i) => dispatch([i, i + 1], [i + 2]))
    const { places } = planMemory({ tensors: tensors(...sizes), dispatches }, DEFAULTS)
    for (let a = 0; a < sizes.length; a++) {
      for (let b = a + 1; b <= Math.min(a + 2, sizes.length - 1); b++) {
        const [first, second] = [places[a], places[b]]
        const apart =
          first?.arena !== second?.arena ||
          (first?.offset ?? 0) + (sizes[a] ?? 0) <= (second?.offset ?? 0) ||
          (second?.offset ?? 0) + (sizes[b] ?? 0) <= (first?.offset ?? 0)
        expect(apart, `tensors ${a} and ${b}`).toBe(true)
      }
    }
  })

  test('offsets are multiples of 256', () => {
    const lowered: Lowered = { tensors: tensors(100, 100, 100), dispatches: [dispatch([0, 1], [2])] }
    for (const { offset } of planMemory(lowered, DEFAULTS).places) expect(offset % 256).toBe(0)
  })

  test('no arena exceeds the largest buffer', () => {
    const lowered: Lowered = { tensors: tensors(1024, 1024, 1024), dispatches: [dispatch([0, 1, 2], [])] }
    const { arenaBytes } = planMemory(lowered, { ...DEFAULTS, maxBufferSize: 2048 })
    expect(arenaBytes).toEqual([2048, 1024])
  })

  test('a tensor that the device cannot bind is refused, saying how large it is and what the device takes', () => {
    const lowered: Lowered = { tensors: tensors(200 * 2 ** 20), dispatches: [dispatch([0], [])] }
    expect(() => planMemory(lowered, DEFAULTS)).toThrow(/tensor 0 takes 200 MiB.*at most 128 MiB/)
  })
})
