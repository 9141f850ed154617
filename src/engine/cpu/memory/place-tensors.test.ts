import { describe, expect, test } from 'vitest'
import { placeTensors } from './place-tensors.ts'
import type { Stage, Tensor, Work } from '../lowering/work.ts'

const images = (label: string, bytes = 256): Tensor => ({ kind: 'images', label, bytes })
const shared = (label: string, bytes = 256): Tensor => ({ kind: 'shared', label, bytes })

function work(units: Work['units'], chunkUnits: number, ...calls: readonly (readonly Tensor[])[]): Work {
  return {
    units,
    chunkUnits,
    chunks: 1,
    finish: [],
    calls: calls.map((tensors) => ({
      kernel: 'relu',
      label: 'test',
      flops: 0,
      args: Object.fromEntries(tensors.map((tensor, i) => [`a${i}`, { tensor, offset: 0 }])),
    })),
  }
}
const stage = (...works: Work[]): Stage => ({ works })

describe('a tensor of images', () => {
  const [a, b, c] = [images('a'), images('b'), images('c')]

  test('that one stage alone uses is a thread’s own, as large as a chunk', () => {
    const { places, arenaBytes, ownBytes } = placeTensors([stage(work('images', 3, [a]))], 8)
    expect(places.get(a)).toEqual({ memory: 'own', offset: 0 })
    expect([arenaBytes, ownBytes]).toEqual([0, 3 * 256])
  })

  test('that two stages use is in the arena, as large as the batch', () => {
    const stages = [stage(work('images', 3, [a])), stage(work('images', 3, [a]))]
    const { places, arenaBytes, ownBytes } = placeTensors(stages, 8)
    expect(places.get(a)).toEqual({ memory: 'arena', offset: 0 })
    expect([arenaBytes, ownBytes]).toEqual([8 * 256, 0])
  })

  test('that a second work of the stage uses is in the arena', () => {
    const { places } = placeTensors([stage(work('images', 3, [a]), work(4, 1, [a]))], 8)
    expect(places.get(a)?.memory).toBe('arena')
  })

  test('has another’s bytes of the thread’s own once no call needs that any more', () => {
    const { places, ownBytes } = placeTensors([stage(work('images', 1, [a, b], [b, c]))], 8)
    expect(places.get(a)?.offset).toBe(places.get(c)?.offset)
    expect(places.get(b)?.offset).not.toBe(places.get(a)?.offset)
    expect(ownBytes).toBe(2 * 256)
  })

  test('takes the place of one that no later stage needs', () => {
    const pair = (x: Tensor, y: Tensor) => stage(work('images', 1, [x, y]))
    const stages = [pair(a, b), pair(a, b), pair(b, c), pair(b, c)]
    const { places, arenaBytes } = placeTensors(stages, 8)
    expect(places.get(a)?.offset).toBe(places.get(c)?.offset)
    expect(arenaBytes).toBe(2 * 8 * 256)
  })
})

test('a shared tensor is in the arena, as large as it is', () => {
  const sums = shared('sums', 1000)
  const { places, arenaBytes } = placeTensors([stage(work('images', 1, [sums]))], 8)
  expect(places.get(sums)).toEqual({ memory: 'arena', offset: 0 })
  expect(arenaBytes).toBe(1024)
})

test('what lasts, and tables, have their places elsewhere', () => {
  const lasting: Tensor = { kind: 'lasting', area: 'parameters' }
  const table: Tensor = { kind: 'table', words: [1, 2] }
  const placed = placeTensors([stage(work('images', 1, [lasting, table]))], 8)
  expect(placed).toMatchObject({ arenaBytes: 0, ownBytes: 0 })
  expect(placed.places.size).toBe(0)
})
