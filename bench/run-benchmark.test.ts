import { expect, test } from 'vitest'
import type { Contender, EngineName } from './contender.ts'
import type { BenchEvent } from './events.ts'
import { type BenchRequest, runBenchmark } from './run-benchmark.ts'
import { eventsOf } from './tally.ts'

type Behaviour = {
  readonly stepMs: number
  /** What the first step after the one that compiles takes longer. */
  readonly delayMs?: number
  /** By the number of the step; 2 where absent. */
  readonly loss?: (step: number) => number
  readonly opens?: boolean
}

const REQUEST: BenchRequest = {
  networks: ['resnet-8-narrow'],
  engines: ['residual-lab', 'tfjs-webgpu'],
  batch: 1,
  rounds: 3,
  sliceMs: 100,
}

/** Contenders whose steps take the time that they say, on a clock that only they move. */
async function run(behaviours: Partial<Record<EngineName, Behaviour>>, request: Partial<BenchRequest> = {}) {
  const events: BenchEvent[] = []
  let clock = 0
  let living = 0
  const open = async (engine: EngineName): Promise<Contender> => {
    const { stepMs = 10, delayMs = 0, loss = () => 2, opens = true } = behaviours[engine] ?? {}
    if (!opens) throw new Error('no such device')
    return {
      adapter: `${engine}'s adapter`,
      async prepare() {
        let taken = 0
        living++
        return {
          async train(steps) {
            taken += steps
            clock += steps * stepMs + (taken === 2 ? delayMs : 0)
            return loss(taken - 1)
          },
          dispose: () => void living--,
        }
      },
      dispose: () => undefined,
    }
  }
  const emit = (event: BenchEvent) => void events.push(event)
  await runBenchmark({ ...REQUEST, ...request }, { open, emit, now: () => clock })
  const turns = eventsOf(events, 'turn').map(({ engine, round, steps }) => ({ engine, round, steps }))
  return { events, turns, failures: eventsOf(events, 'failed'), living }
}

test('the contenders take turns, and fill their slices', async () => {
  const { events, turns, living } = await run({ 'tfjs-webgpu': { stepMs: 50 } })
  expect(turns).toEqual(
    [0, 1, 2].flatMap((round) => [
      { engine: 'residual-lab', round, steps: 10 },
      { engine: 'tfjs-webgpu', round, steps: 2 },
    ]),
  )
  expect(eventsOf(events, 'turn').map(({ milliseconds }) => milliseconds)).toEqual(Array(6).fill(100))
  expect(living).toBe(0)
})

test('the slowest takes a single step in the first round and in the last', async () => {
  const { turns } = await run({ 'tfjs-webgpu': { stepMs: 5000 } })
  expect(turns.filter(({ engine }) => engine === 'tfjs-webgpu')).toEqual([
    { engine: 'tfjs-webgpu', round: 0, steps: 1 },
    { engine: 'tfjs-webgpu', round: 2, steps: 1 },
  ])
})

test('a first step that was delayed is one short turn, and the next ones fill their slices', async () => {
  const { turns } = await run({ 'tfjs-webgpu': { stepMs: 10, delayMs: 95 } })
  expect(turns.filter(({ engine }) => engine === 'tfjs-webgpu')).toEqual([
    { engine: 'tfjs-webgpu', round: 0, steps: 1 },
    { engine: 'tfjs-webgpu', round: 1, steps: 1 },
    { engine: 'tfjs-webgpu', round: 2, steps: 10 },
  ])
})

test('contenders are disposed of when the benchmark itself fails', async () => {
  let living = 1
  const open = async (): Promise<Contender> => ({
    adapter: 'an adapter',
    prepare: () => Promise.reject(new Error('no memory')),
    dispose: () => void living--,
  })
  const emit = ({ kind }: BenchEvent) => {
    if (kind === 'failed') throw new Error('the page is gone')
  }
  const request: BenchRequest = { ...REQUEST, engines: ['pytorch-cpu'] }
  await expect(runBenchmark(request, { open, emit, now: () => 0 })).rejects.toThrow('the page is gone')
  expect(living).toBe(0)
})

test('whose first loss is another trains another network, and gets no turn', async () => {
  const { turns, failures, living } = await run({ 'tfjs-webgpu': { stepMs: 10, loss: () => 2.003 } })
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatchObject({
    engine: 'tfjs-webgpu',
    reason: 'It trains another network: its loss at step 0 is 2.00300, that of residual-lab 2.00000.',
  })
  expect(new Set(turns.map(({ engine }) => engine))).toEqual(new Set(['residual-lab']))
  expect(living).toBe(0)
})

test('whose loss after the first update is another has other gradients, and gets no turn', async () => {
  const loss = (step: number) => (step === 0 ? 2 : 1.9)
  const { turns, failures } = await run({ 'tfjs-webgpu': { stepMs: 10, loss } })
  expect(failures[0]?.reason).toContain('loss at step 1')
  expect(turns.some(({ engine }) => engine === 'tfjs-webgpu')).toBe(false)
})

test('a contender that fails midway is named with its reason, and the others go on', async () => {
  const loss = (step: number) => (step > 20 ? Number.NaN : 2)
  const { turns, failures, living } = await run({ 'residual-lab': { stepMs: 10, loss } })
  expect(failures).toMatchObject([{ engine: 'residual-lab', reason: 'Its loss is NaN.' }])
  expect(turns.filter(({ engine }) => engine === 'tfjs-webgpu')).toHaveLength(3)
  expect(living).toBe(0)
})

test('an engine that does not open fails for every network', async () => {
  const { failures } = await run(
    { 'tfjs-webgpu': { stepMs: 10, opens: false } },
    { networks: ['resnet-8-narrow', 'resnet-20'] },
  )
  expect(failures).toMatchObject([
    { network: 'resnet-8-narrow', engine: 'tfjs-webgpu', reason: 'no such device' },
    { network: 'resnet-20', engine: 'tfjs-webgpu', reason: 'no such device' },
  ])
})
