import { describe, expect, test } from 'vitest'
import { encodeProgram } from './encode-program.ts'
import { KERNEL_NAMES } from './kernels.ts'
import { placeTensors } from './memory/place-tensors.ts'
import { type Argument, AREAS, callOf, type Stage, type Tensor } from './lowering/work.ts'

const ADDRESS = 4096
const areas = {
  parameters: 0,
  gradients: 0,
  slots: 0,
  statistics: 0,
  decay: 0,
  normalised: 0,
  whitening: 0,
  words: 0,
  rotations: 0,
  pixels: 0,
  results: 0,
  metrics: 0,
  logits: 0,
  features: 0,
}
for (const [i, name] of AREAS.entries()) areas[name] = 100_000 * (i + 1)
const ADDRESSES = { areas, arena: 50_000 }

/** Words by their address. */
function encode(stages: readonly Stage[]) {
  const program = encodeProgram(placeTensors(stages, 8), ADDRESSES, ADDRESS)
  return {
    ...program,
    at: (address: number, word = 0) => program.words[(address - ADDRESS) / 4 + word] ?? -1,
  }
}

const whiten = (x: Argument, y: Argument, matrix: Argument = 0) =>
  callOf('whiten', { x, y, matrix, mean: 0, values: 3072 }, { label: 'whitening' })
const stageOf = (...calls: ReturnType<typeof callOf>[]): Stage => ({
  works: [{ units: 'images', chunkUnits: 3, chunks: 2, calls, finish: [] }],
})

describe('a program in words', () => {
  test('is a table of stages, of each its works, of each its calls', () => {
    const sum = callOf('sumLosses', { results: 11, metrics: 12 })
    const stages: Stage[] = [
      stageOf(whiten(1, 2, 3)),
      {
        works: [
          { units: 'images', chunkUnits: 3, chunks: 2, calls: [whiten(4, 5, 6)], finish: [sum] },
          { units: 40, chunkUnits: 16, chunks: 3, calls: [whiten(7, 8, 9)], finish: [] },
        ],
      },
    ]
    const { at, stages: table, stageCount, calls } = encode(stages)
    expect(stageCount).toBe(2)
    expect(calls.map(({ kernel }) => kernel)).toEqual(['whiten', 'whiten', 'sumLosses', 'whiten'])
    const second = at(table, 1)
    expect(at(second)).toBe(2)
    const work = at(second, 1)
    // Taken, done, chunks, units of one, units of all (of images: the batch's), calls, of these that finish.
    const [next, done, chunks, chunkUnits, units, entries, callCount, finishCount] = [
      0, 1, 2, 3, 4, 5, 6, 7,
    ].map((word) => at(work, word))
    expect([next, done, chunks, chunkUnits, units, callCount, finishCount]).toEqual([0, 0, 2, 3, -1, 1, 1])
    const entry = (index: number) => [0, 1, 2].map((word) => at(entries ?? -1, 3 * index + word))
    const [kernel, given = -1, number] = entry(0)
    expect([kernel, number]).toEqual([KERNEL_NAMES.indexOf('whiten'), 1])
    expect([0, 1, 2, 3, 4].map((word) => at(given, word))).toEqual([4, 5, 6, 0, 3072])
    const [finish, results = -1, last] = entry(1)
    expect([finish, last]).toEqual([KERNEL_NAMES.indexOf('sumLosses'), 2])
    expect([at(results), at(results, 1)]).toEqual([11, 12])
    const other = at(second, 2)
    expect([2, 3, 4].map((word) => at(other, word))).toEqual([3, 16, 40])
  })

  test('says of each tensor where it lies, and marks a thread’s own by an odd address', () => {
    const own: Tensor = { kind: 'images', label: 'own', bytes: 256 }
    const arena: Tensor = { kind: 'shared', label: 'sums', bytes: 256 }
    const lasting: Tensor = { kind: 'lasting', area: 'gradients' }
    const { at, stages } = encode([
      stageOf(
        whiten({ tensor: own, offset: 32 }, { tensor: arena, offset: 64 }, { tensor: lasting, offset: 8 }),
      ),
    ])
    const given = at(at(at(at(stages), 1), 5), 1)
    expect([0, 1, 2].map((word) => at(given, word))).toEqual([33, 50_064, 200_008])
  })

  test('has equal tables once', () => {
    const table = (...words: number[]) => ({ tensor: { kind: 'table', words } as const, offset: 0 })
    const { at, stages } = encode([stageOf(whiten(table(7, 8), table(7, 8), table(7, 9)))])
    const given = at(at(at(at(stages), 1), 5), 1)
    expect(at(given)).toBe(at(given, 1))
    expect([at(at(given)), at(at(given), 1)]).toEqual([7, 8])
    expect([at(at(given, 2)), at(at(given, 2), 1)]).toEqual([7, 9])
  })

  test('has floats as their bits', () => {
    const call = callOf('runningStatistics', {
      channels: 8,
      statistics: 0,
      scale: 0,
      runningMean: 0,
      runningVariance: 0,
      epsilon: 1,
    })
    const { at, stages } = encode([stageOf(call)])
    expect(at(at(at(at(at(stages), 1), 5), 1), 5)).toBe(0x3f80_0000)
  })

  test('refuses a call without one of its arguments, and a tensor without a place', () => {
    const { values: _, ...args } = whiten(1, 2).args
    expect(() => encode([stageOf({ ...whiten(1, 2), args })])).toThrow('whiten is not given values')
    const lost = whiten({ tensor: { kind: 'shared', label: 'lost', bytes: 8 }, offset: 0 }, 0)
    const unplaced = { ...placeTensors([], 8), stages: [stageOf(lost)] }
    expect(() => encodeProgram(unplaced, ADDRESSES, ADDRESS)).toThrow('lost has no place')
  })
})
