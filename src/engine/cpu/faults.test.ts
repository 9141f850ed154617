// What goes wrong with threads, memory and modules, and what the engine says of it.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../../../scripts/testing/eventually.ts'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { createFragileHost } from '../../testing/node/test-cpu-host.ts'
import type { AppError } from '../../base/app-error.ts'
import { initialState } from '../../training/initialise.ts'
import type { Engine } from '../engine.ts'
import { createCpuEngine } from './cpu-engine.ts'
import type { CpuHost, Thread } from './threads/host.ts'
import { narrowed, randomBatch, trainingOptions } from '../../testing/cpu-engine/test-networks.ts'

const GRAPH = narrowed('akamaster-20', 3, 1)
const RATE = { learningRate: 0.05 }
const BATCH = randomBatch(4, 1)

const { Memory } = WebAssembly
/** What becomes of the engine's requests for memory. */
function answerRequests(answer: () => void): void {
  const Answered = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      answer()
      super(descriptor)
    }
  }
  Object.defineProperty(WebAssembly, 'Memory', { value: Answered, configurable: true })
}

const opened: Engine[] = []
afterEach(() => {
  vi.unstubAllGlobals()
  answerRequests(() => undefined)
  for (const engine of opened.splice(0)) engine.dispose()
})

async function open(host: CpuHost, threads = 2) {
  const failures: AppError[] = []
  const engine = await createCpuEngine({ host, threads, onFailure: (error) => failures.push(error) })
  opened.push(engine)
  return { engine, failures }
}

const compile = (engine: Engine, batchSize: number | null = 4, graph = GRAPH) =>
  engine.compile(graph, trainingOptions(batchSize, initialState(graph, 7)))

/** A step of another trainer, which needs a working engine. */
async function expectTraining(engine: Engine): Promise<void> {
  const trainer = await compile(engine)
  trainer.step(BATCH, RATE)
  expect(await trainer.drain()).toHaveLength(1)
  trainer.dispose()
}

test('without threads of its own, a kernel that fails in the middle of a step fails the engine once', async () => {
  const { engine, failures } = await open({ ...nodeCpuHost, startThread: null }, 1)
  const trainer = await compile(engine)
  vi.spyOn(performance, 'now').mockImplementationOnce(() => {
    throw new Error('no clock')
  })
  const profiled = trainer.profile?.(BATCH, RATE)
  await expect(profiled).rejects.toMatchObject({ code: 'device-lost', cause: new Error('no clock') })
  expect(failures).toHaveLength(1)
  await expect(trainer.read()).rejects.toBe(failures[0])
})

describe.each(['exits', 'throws'] as const)('a thread that %s in the middle of a step', (how) => {
  test('fails the engine once, and everything that is asked of it, before and after, is refused for that', async () => {
    const { host, harm } = createFragileHost()
    const { engine, failures } = await open(host)
    const [trainer, other] = [await compile(engine), await compile(engine)]
    harm(how, 1)
    for (let step = 0; step < 3; step++) trainer.step(BATCH, RATE)
    other.step(BATCH, RATE)
    const pending = [trainer.drain(), trainer.read(), trainer.evaluate(BATCH), other.drain(), other.read()]
    const outcomes = await Promise.allSettled(pending)
    expect(failures).toEqual([
      expect.objectContaining({
        code: 'device-lost',
        message: expect.stringMatching(/^A thread of the CPU engine ended unexpectedly/),
      }),
    ])
    const [failure] = failures
    for (const outcome of outcomes) expect(outcome).toEqual({ status: 'rejected', reason: failure })
    expect(() => trainer.step(BATCH, RATE)).toThrow(failure)
    await expect(trainer.drain()).rejects.toBe(failure)
    await expect(trainer.evaluate(BATCH)).rejects.toBe(failure)
    await expect(trainer.features(BATCH)).rejects.toBe(failure)
    await expect(trainer.read()).rejects.toBe(failure)
    await expect(compile(engine)).rejects.toBe(failure)
    trainer.dispose()
    other.dispose()
    engine.dispose()
    expect(failures).toHaveLength(1)
  })
})

test('a thread that ends while nothing runs fails the engine at its next step', async () => {
  const { host, harm } = createFragileHost()
  const { engine, failures } = await open(host)
  const trainer = await compile(engine)
  harm('exits')
  trainer.step(BATCH, RATE)
  await expect(trainer.drain()).rejects.toMatchObject({ code: 'device-lost' })
  expect(failures[0]?.cause).toMatchObject({ message: 'the thread ended with code 3' })
})

test('an engine of which a thread ends before it is open is refused, and nobody is told of a failure', async () => {
  const { host, harm } = createFragileHost()
  const onFailure = vi.fn<(error: AppError) => void>()
  harm('exits')
  await expect(createCpuEngine({ host, threads: 2, onFailure })).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringMatching(/^The CPU engine’s threads could not be started; /),
  })
  expect(onFailure).not.toHaveBeenCalled()
})

describe.each([
  { name: 'two threads', host: nodeCpuHost },
  { name: 'no threads of its own', host: { ...nodeCpuHost, startThread: null } },
])('an engine on $name', ({ host }) => {
  test('that is closed refuses the steps that are left, and that is no failure', async () => {
    const { engine, failures } = await open(host)
    const trainer = await compile(engine)
    for (let step = 0; step < 3; step++) trainer.step(BATCH, RATE)
    const pending = [trainer.drain(), trainer.read()]
    engine.dispose()
    const outcomes = await Promise.allSettled(pending)
    expect(outcomes[0]).toMatchObject({
      status: 'rejected',
      reason: { message: 'the engine was closed' },
    })
    expect(failures).toEqual([])
  })

  test('goes on where a trainer is disposed of with steps ahead of it', async () => {
    const { engine, failures } = await open(host)
    const [trainer, other] = [await compile(engine), await compile(engine)]
    for (let step = 0; step < 3; step++) {
      trainer.step(BATCH, RATE)
      other.step(BATCH, RATE)
    }
    const drained = trainer.drain()
    trainer.dispose()
    await expect(drained).rejects.toThrow('the trainer was disposed of')
    expect(await other.drain()).toHaveLength(3)
    await expectTraining(engine)
    expect(failures).toEqual([])
  })

  test('takes a state that is written between steps in its turn', async () => {
    const { engine } = await open(host)
    const after = async (learningRate: number) => {
      const trainer = await compile(engine)
      trainer.step(randomBatch(4, 2), { learningRate })
      trainer.write(initialState(GRAPH, 8))
      trainer.step(BATCH, RATE)
      const metrics = await trainer.drain()
      const state = await trainer.read()
      trainer.dispose()
      return { last: metrics.at(-1), state }
    }
    const written = await after(0.05)
    expect(written.state.steps).toBe(1)
    expect(written).toEqual(await after(1))
  })

  test('reports memory that cannot be had, and trains what needs less', async () => {
    const { engine, failures } = await open(host)
    const refusal = new RangeError('could not allocate memory')
    answerRequests(() => {
      throw refusal
    })
    await expect(compile(engine)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/^The network needs \d+ MiB of memory, .* choose a smaller batch/),
      cause: refusal,
    })
    answerRequests(() => undefined)
    await expectTraining(engine)
    expect(failures).toEqual([])
  })

  test('refuses a network beyond what WebAssembly addresses before it takes any memory', async () => {
    const { engine, failures } = await open(host)
    const wide = narrowed('akamaster-20', 64, 1)
    let requests = 0
    answerRequests(() => requests++)
    await expect(compile(engine, 2000, wide)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(
        /^The network needs [\d,]+ MiB at batch 2000, and WebAssembly addresses/,
      ),
    })
    expect(requests).toBe(0)
    await expectTraining(engine)
    expect(requests).toBe(1)
    expect(failures).toEqual([])
  })

  test('refuses the state of another network, and goes on', async () => {
    const { engine, failures } = await open(host)
    const initial = initialState(narrowed('akamaster-20', 4, 1), 7)
    await expect(engine.compile(GRAPH, trainingOptions(4, initial))).rejects.toMatchObject({
      code: 'weights-mismatch',
    })
    await expectTraining(engine)
    expect(failures).toEqual([])
  })

  test('refuses activations that it does not store', async () => {
    const { engine } = await open(host)
    const options = trainingOptions(4, initialState(GRAPH, 7))
    await expect(engine.compile(GRAPH, { ...options, activations: 'f16' })).rejects.toMatchObject({
      code: 'config-invalid',
    })
  })
})

/** Threads of which the last says that it has no room, each time while `isFull`. */
function cramped(isFull: () => boolean): CpuHost {
  const { startThread } = nodeCpuHost
  if (!startThread) throw new Error('a host with threads')
  let started = 0
  return {
    ...nodeCpuHost,
    startThread(): Thread {
      const thread = startThread()
      const isLast = ++started === 2
      return {
        ...thread,
        onMessage(listener) {
          thread.onMessage((message) => {
            const isAttached = typeof message === 'object' && message !== null && 'refusal' in message
            listener(isLast && isAttached && isFull() ? { ...message, refusal: 'no room' } : message)
          })
        },
      }
    },
  }
}

test('a thread without room for one more network is out of memory, and the engine goes on', async () => {
  let isFull = false
  const { engine, failures } = await open(cramped(() => isFull))
  isFull = true
  await expect(compile(engine)).rejects.toMatchObject({
    code: 'out-of-memory',
    cause: new RangeError('no room'),
  })
  isFull = false
  await expectTraining(engine)
  expect(failures).toEqual([])
})

test('every thread is told to let go of every network that it was given, and no thread is left', async () => {
  const { host, told } = createFragileHost()
  const { engine } = await open(host, 3)
  const trainer = await compile(engine)
  trainer.step(BATCH, RATE)
  await trainer.drain()
  trainer.dispose()
  await expectTraining(engine)
  const networks = (kind: 'attach' | 'detach') =>
    told.flatMap((request) => (request.kind === kind ? [request.network] : [])).toSorted((a, b) => a - b)
  // The self-test's, and two.
  await eventually(() => expect(networks('detach')).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]))
  expect(networks('attach')).toEqual(networks('detach'))
})

describe('where it cannot run', () => {
  const openOn = (host: CpuHost) => createCpuEngine({ host, threads: 1, onFailure: () => undefined })

  test('without WebAssembly it says so', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    await expect(openOn(nodeCpuHost)).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(/^This browser runs no WebAssembly; /),
    })
  })

  test('without SIMD it says which browsers have it', async () => {
    await expect(openOn({ ...nodeCpuHost, load: async () => Uint8Array.of(0, 1, 2) })).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(/has no SIMD or no atomics, .* use Chrome 91/),
    })
  })

  test('kernels that compute nothing are found out before anybody trusts them', async () => {
    await expect(openOn({ ...nodeCpuHost, load: async () => IDLE_MODULE })).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(/computes wrongly: the gradient of first\.weight .* off by 100\.0 %/),
    })
  })

  test('what keeps the kernels from being loaded is said as it is', async () => {
    const missing = new Error('no such file')
    const load = () => Promise.reject(missing)
    await expect(openOn({ ...nodeCpuHost, load })).rejects.toBe(missing)
  })

  test('where threads cannot share memory it has one', async () => {
    const { engine } = await open({ ...nodeCpuHost, startThread: null }, 8)
    expect(engine.info.adapter).toBe('CPU, one thread, WebAssembly SIMD')
    expect((await open(nodeCpuHost, 3)).engine.info.adapter).toBe('CPU, 3 threads, WebAssembly SIMD')
  })
})

/** Exports `setOwn` of one i32 and `run` of five, which return at once. */
const IDLE_MODULE = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // Types.
    [0x01, 13, 2, 0x60, 1, 0x7f, 0, 0x60, 5, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0],
    // Functions, of each type one.
    [0x03, 3, 2, 0, 1],
    // Exports.
    [0x07, 16, 2, 6, ...Buffer.from('setOwn'), 0, 0, 3, ...Buffer.from('run'), 0, 1],
    // Empty bodies.
    [0x0a, 7, 2, 2, 0, 0x0b, 2, 0, 0x0b],
  ].flat(),
)
