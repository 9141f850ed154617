// The same bits on any number of threads, however these are scheduled.
import { afterAll, describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { createRandom } from '../../base/random.ts'
import type { Graph } from '../../network/graph.ts'
import { initialState } from '../../training/initialise.ts'
import type { Engine, TrainerState } from '../engine.ts'
import { blockNetwork } from '../../testing/suites/parity-networks.ts'
import { relativeError } from '../../testing/suites/parity.ts'
import { createCpuEngine } from './cpu-engine.ts'
import type { CpuHost, Thread } from './threads/host.ts'
import {
  narrowed,
  randomBatch,
  TEST_NETWORKS,
  trainingOptions,
} from '../../testing/cpu-engine/test-networks.ts'

const opened: Engine[] = []
afterAll(() => {
  for (const engine of opened) engine.dispose()
})

async function open(threads: number, host: CpuHost = nodeCpuHost): Promise<Engine> {
  const engine = await createCpuEngine({
    host,
    threads,
    onFailure(error) {
      throw error
    },
  })
  opened.push(engine)
  return engine
}

const inline = await open(1, { ...nodeCpuHost, startThread: null })
const POOLS = [1, 2, 3] as const
const pools = await Promise.all(POOLS.map((threads) => open(threads)))

type Training = {
  readonly graph: Graph
  readonly batch: number
  readonly steps: number
  readonly from?: TrainerState
}

async function train(engine: Engine, training: Training) {
  const { graph, batch, steps, from = initialState(graph, 7) } = training
  const trainer = await engine.compile(graph, trainingOptions(batch, from))
  for (let step = from.steps; step < from.steps + steps; step++) {
    trainer.step(randomBatch(batch, step), { learningRate: 0.05 })
  }
  const metrics = await trainer.drain()
  const state = await trainer.read()
  const logits = await trainer.evaluate(randomBatch(batch, 99))
  trainer.dispose()
  return { metrics, state, logits }
}

const isFinite = ({ loss }: { readonly loss: number }) => Number.isFinite(loss)

describe.each(TEST_NETWORKS)('$name', ({ graph }) => {
  test.each([
    { batch: 5, steps: 20 },
    { batch: 32, steps: 3 },
  ])(
    'train alike, to the bit, on one to three threads and on none: batch $batch',
    async ({ batch, steps }) => {
      const expected = await train(inline, { graph, batch, steps })
      expect(expected.metrics).toHaveLength(steps)
      expect(expected.metrics.every(isFinite)).toBe(true)
      for (const pool of pools) expect(await train(pool, { graph, batch, steps })).toEqual(expected)
    },
  )

  test('interrupted on two threads and resumed on three, end with the bits of an uninterrupted training', async () => {
    const [, two, three] = pools
    if (!two || !three) throw new Error('three pools')
    const whole = await train(inline, { graph, batch: 5, steps: 6 })
    const first = await train(two, { graph, batch: 5, steps: 2 })
    const second = await train(three, { graph, batch: 5, steps: 4, from: first.state })
    expect([...first.metrics, ...second.metrics]).toEqual(whole.metrics)
    expect(second.state).toEqual(whole.state)
  })

  test('a batch smaller than the one compiled for trains as if it had been compiled for', async () => {
    const [one, , three] = pools
    if (!one || !three) throw new Error('three pools')
    const after = async (engine: Engine, capacity: number) => {
      const initial = initialState(graph, 7)
      const trainer = await engine.compile(graph, trainingOptions(capacity, initial))
      // A full batch first: what it leaves behind must not count.
      trainer.step(randomBatch(capacity, 1), { learningRate: 0 })
      trainer.write(initial)
      trainer.step(randomBatch(3, 2), { learningRate: 0.05 })
      trainer.step(randomBatch(3, 3), { learningRate: 0.05 })
      const metrics = (await trainer.drain()).slice(1)
      const { parameters, statistics } = await trainer.read()
      trainer.dispose()
      return { metrics, tensors: { ...parameters, ...statistics } }
    }
    const padded = await after(one, 40)
    expect(await after(three, 40)).toEqual(padded)
    const exact = await after(one, 3)
    expect(padded.metrics.map(({ correct }) => correct)).toEqual(exact.metrics.map(({ correct }) => correct))
    for (const [i, { loss }] of exact.metrics.entries()) {
      expect(padded.metrics[i]?.loss).toBeCloseTo(loss, 4)
    }
    for (const [name, values] of Object.entries(exact.tensors)) {
      expect(relativeError(padded.tensors[name] ?? [], values)).toBeLessThan(1e-4)
    }
  })
})

/** Threads that hear of each message some turns late, each of another number of turns. */
function unpunctual(host: CpuHost, seed: number): CpuHost {
  const { startThread } = host
  if (!startThread) throw new Error('a host with threads')
  let started = 0
  return {
    ...host,
    startThread(): Thread {
      const thread = startThread()
      const random = createRandom(seed, `delays of thread ${started++}`)
      let last: Promise<void> = Promise.resolve()
      const deliver = async (before: Promise<void>, request: Parameters<Thread['postMessage']>[0]) => {
        await before
        for (let turns = random.below(6); turns > 0; turns--) await new Promise(setImmediate)
        thread.postMessage(request)
      }
      return {
        ...thread,
        postMessage(request) {
          last = deliver(last, request)
        },
      }
    },
  }
}

describe.each([
  { name: 'pools and dropouts', graph: blockNetwork('pools') },
  { name: 'a ResNet-8', graph: narrowed('akamaster-20', 3, 1) },
])('$name', ({ graph }) => {
  test('more threads than cores, each late by some turns, compute the same bits', async () => {
    const training = { graph, batch: 7, steps: 50 }
    const expected = await train(inline, training)
    const engine = await open(5, unpunctual(nodeCpuHost, 1))
    expect(await train(engine, training)).toEqual(expected)
    engine.dispose()
  })
})

test('two networks that train at once on the same threads do not disturb one another', async () => {
  const [, , engine] = pools
  if (!engine) throw new Error('three pools')
  const trainings = TEST_NETWORKS.map(({ graph }) => ({ graph, batch: 5, steps: 6 }))
  const together = await Promise.all(trainings.map((training) => train(engine, training)))
  for (const [i, training] of trainings.entries()) {
    expect(together[i]).toEqual(await train(inline, training))
  }
})
