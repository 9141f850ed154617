import { describe, expect, test } from 'vitest'
import type { EngineName } from './contender.ts'
import type { BenchEvent } from './events.ts'
import { speedJson, speedReport } from './report.ts'

const cell = (engine: EngineName) => ({ network: 'resnet-20', engine }) as const

const turn = (engine: EngineName, round: number, steps: number, milliseconds: number): BenchEvent => ({
  kind: 'turn',
  ...cell(engine),
  round,
  steps,
  milliseconds,
})

const EVENTS: BenchEvent[] = [
  {
    kind: 'machine',
    adapter: 'a card',
    limits: {},
    features: [],
    batch: 8,
    threads: null,
    crossOriginIsolated: null,
  },
  { kind: 'failed', ...cell('tfjs-webgl'), reason: 'out of memory' },
  { kind: 'ready', ...cell('residual-lab'), milliseconds: 1500 },
  { kind: 'ready', ...cell('tfjs-webgpu'), milliseconds: 30_000 },
  { kind: 'ready', ...cell('jax-js'), milliseconds: 90_000 },
  turn('residual-lab', 0, 10, 2000),
  turn('tfjs-webgpu', 0, 1, 4000),
  turn('residual-lab', 1, 10, 1000),
  turn('residual-lab', 2, 10, 1600),
  turn('tfjs-webgpu', 2, 1, 8000),
]

test('a row has the median and range of its turns, how much slower it is and was in a round, and how many steps were timed', () => {
  expect(speedReport(EVENTS)).toBe(
    [
      'resnet-20, batch 8',
      '              images/s        range  ms/step  slower      by round    timed  ready after',
      'residual-lab      50.0  40.0 – 80.0      160   1.00×  1.00 – 1.00×  30 in 3       1.50 s',
      'tfjs-webgpu       1.50  1.00 – 2.00    6,000   37.5×  20.0 – 50.0×   2 in 2       30.0 s',
      'tfjs-webgl    out of memory',
      'jax-js        The benchmark ended before its first turn.',
    ].join('\n'),
  )
})

test('the JSON has a result for each engine that was measured, and a reason for each that was not', () => {
  expect(speedJson(EVENTS)).toEqual({
    adapter: 'a card',
    results: [
      {
        net: 'resnet-20',
        engine: 'residual-lab',
        batch: 8,
        imagesPerSecond: 50,
        msPerStep: 160,
        low: 40,
        high: 80,
        slower: { than: 'residual-lab', ratio: 1, low: 1, high: 1 },
      },
      {
        net: 'resnet-20',
        engine: 'tfjs-webgpu',
        batch: 8,
        imagesPerSecond: 1.5,
        msPerStep: 6000,
        low: 1,
        high: 2,
        slower: { than: 'residual-lab', ratio: 37.5, low: 20, high: 50 },
      },
    ],
    failures: [
      { net: 'resnet-20', engine: 'tfjs-webgl', reason: 'out of memory' },
      { net: 'resnet-20', engine: 'jax-js', reason: 'The benchmark ended before its first turn.' },
    ],
  })
})

test('a contender that failed after some turns shows its reason and no number', () => {
  const events: BenchEvent[] = [...EVENTS, { kind: 'failed', ...cell('tfjs-webgpu'), reason: 'lost' }]
  expect(speedReport(events)).toContain('tfjs-webgpu   lost')
  expect(speedJson(events).results.map(({ engine }) => engine)).toEqual(['residual-lab'])
})

describe('with our engine on the CPU', () => {
  const ready: BenchEvent = { kind: 'ready', ...cell('residual-lab-cpu'), milliseconds: 100 }
  const turns = [0, 1, 2].map((round) => turn('residual-lab-cpu', round, 100, 2000))

  test('the others are compared with that', () => {
    const { results } = speedJson([...EVENTS, ready, ...turns])
    expect(results.map(({ engine, slower }) => [engine, slower?.than, slower?.ratio])).toEqual([
      ['residual-lab-cpu', 'residual-lab-cpu', 1],
      ['residual-lab', 'residual-lab-cpu', 8],
      ['tfjs-webgpu', 'residual-lab-cpu', 300],
    ])
  })

  test('and with nothing else where it failed', () => {
    const failed: BenchEvent = { kind: 'failed', ...cell('residual-lab-cpu'), reason: 'no threads' }
    const { results, failures } = speedJson([...EVENTS, failed])
    expect(results.map(({ slower }) => slower)).toEqual([null, null])
    expect(failures[0]).toEqual({ net: 'resnet-20', engine: 'residual-lab-cpu', reason: 'no threads' })
    expect(speedReport([...EVENTS, failed])).not.toContain('×')
  })
})
