import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventually, HUNG_MS } from '../../scripts/testing/eventually.ts'
import { z } from 'zod'
import { AppError, toFailure } from '../base/app-error.ts'
import { type Command, requestSchema } from '../contract/commands.ts'
import type { TrainEvent } from '../contract/events.ts'
import { createLab, type Lab } from './lab.ts'
import { toFragment } from './share-link.ts'
import { createWorkerClient } from './worker-client.ts'

// A lab over a real message channel; `answer` is what the worker at its other end replies to a command.
let lab: Lab
let worker: MessagePort
let asked: Command[]
let answer: (command: Command) => unknown

/** Node's structured clone makes a Blob of a File, where a browser's keeps it. */
function withFile(request: unknown): unknown {
  const loose = z.looseObject({ command: z.looseObject({ file: z.instanceof(Blob) }) }).safeParse(request)
  if (!loose.success) return request
  const { command } = loose.data
  return { ...loose.data, command: { ...command, file: new File([command.file], 'cloned') } }
}

const tell = (event: TrainEvent) => worker.postMessage(event)
const state = () => lab.store.getState()
const kinds = () => asked.map(({ kind }) => kind)

beforeEach(() => {
  const channel = new MessageChannel()
  asked = []
  answer = () => null
  worker = channel.port2
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const { id, command } = requestSchema.parse(withFile(data))
    asked.push(command)
    try {
      worker.postMessage({ kind: 'done', id, value: answer(command) })
    } catch (error) {
      worker.postMessage({ kind: 'failed', id, failure: toFailure(error) })
    }
  })
  lab = createLab((listener) => createWorkerClient(channel.port1, listener))
  channel.port1.start()
  worker.start()
})

afterEach(() => worker.close())

function tellSession(session: string, to: 'running' | 'finished'): void {
  tell({
    kind: 'session',
    session,
    state: to,
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs: [],
  })
}

function tellDevice(software: boolean): void {
  tell({
    kind: 'device',
    setting: { engine: 'tfjs', threads: null },
    info: {
      engine: 'webgpu',
      backend: 'webgpu',
      adapter: software ? 'SwiftShader' : 'some graphics card',
      software,
      activationFormats: ['f32'],
      fallbackReasons: [],
    },
  })
}

describe('the set-up', () => {
  test('is a smaller one where the GPU is a program', async () => {
    const before = state().setup
    tellDevice(true)
    await eventually(() => expect(state().device.state).toBe('ready'))
    expect(state().setup.network.stem.channels).toBeLessThan(before.network.stem.channels)
    expect(state().setup.data.set).toBe('builtin')
  })

  test('that a person has touched is not replaced when the device is found', async () => {
    lab.actions.edit((setup) => ({ ...setup, seed: 42 }))
    const chosen = state().setup
    tellDevice(true)
    await eventually(() => expect(state().device.state).toBe('ready'))
    expect(state().setup).toBe(chosen)
  })

  test('comes from a link', () => {
    const linked = { ...state().setup, seed: 7 }
    lab.actions.followLink(toFragment(linked))
    expect(state().setup).toEqual(linked)
    expect(state().failures.link).toBeNull()
  })

  test('stays as it was when the link is broken, and the person is told', () => {
    const before = state().setup
    lab.actions.followLink('#config=e30')
    expect(state().setup).toBe(before)
    expect(state().failures.link?.code).toBe('config-invalid')
    lab.actions.dismissFailure('link')
    expect(state().failures.link).toBeNull()
  })
})

describe('a press on "Train both" before the device is known', () => {
  test('begins nothing yet, then what the page is set up for on that device', async () => {
    const training = lab.actions.train(['a', 'b'])
    expect(state().busy.has('start')).toBe(true)
    tell({ kind: 'log', run: null, at: 0, level: 'info', text: 'anything' })
    await eventually(() => expect(state().log).toHaveLength(1))
    expect(asked).toEqual([])
    tellDevice(false)
    await training
    const [start] = asked
    if (start?.kind !== 'start') throw new Error('no start')
    expect(start.runs.map(({ config }) => config.network.identity)).toEqual([true, false])
    expect(start.runs[0]?.config).toEqual(state().setup)
  })

  test('begins all the same where no device can be had: the worker says why', async () => {
    const training = lab.actions.train(['a'])
    tell({
      kind: 'device-failed',
      failure: { code: 'device-unavailable', message: 'There is none.', details: null },
    })
    await training
    expect(kinds()).toEqual(['start'])
  })
})

describe('training', () => {
  beforeEach(async () => {
    tellDevice(false)
    await vi.waitUntil(() => state().device.state === 'ready', { timeout: HUNG_MS })
  })

  test('both starts one session of two runs that differ in identity only', async () => {
    await lab.actions.train(['a', 'b'])
    const [start] = asked
    if (start?.kind !== 'start') throw new Error('no start')
    expect(start.paused).toBe(false)
    const [a, b] = start.runs.map(({ config }) => config)
    expect([a?.network.identity, b?.network.identity]).toEqual([true, false])
    expect({ ...b, network: a?.network }).toEqual(a)
    expect(new Set(start.runs.map(({ run }) => run)).size).toBe(2)
  })

  test('an experiment is set up, and both of its runs begin', async () => {
    const setup = { ...state().setup, seed: 5, batchSize: 3 }
    await lab.actions.trainExperiment(setup)
    expect(state().setup).toBe(setup)
    const [start] = asked
    if (start?.kind !== 'start') throw new Error('no start')
    expect(start.runs.map(({ config }) => config.batchSize)).toEqual([3, 3])
  })

  test('a step where nothing is trained begins a paused pair and takes one step', async () => {
    await lab.actions.step()
    expect(kinds()).toEqual(['start', 'step'])
    expect(asked[0]).toMatchObject({ paused: true })
  })

  test('a step within a session begins nothing', async () => {
    tellSession('s', 'running')
    await eventually(() => expect(state().session?.session).toBe('s'))
    await lab.actions.step()
    expect(asked).toEqual([{ kind: 'step', session: 's' }])
  })

  test('a refused command is reported in the run zone and cleared by the next one', async () => {
    answer = () => {
      throw new AppError('data-set-absent', 'CIFAR-10 is not in this browser.')
    }
    await lab.actions.train(['a'])
    expect(state().failures.run?.code).toBe('data-set-absent')
    expect(state().busy.size).toBe(0)
    answer = () => null
    await lab.actions.train(['a'])
    expect(state().failures.run).toBeNull()
  })
})

test('seeds are queued as one group of pairs, and a single session as none', async () => {
  lab.actions.edit((setup) => ({ ...setup, seed: 5 }))
  await lab.actions.addToQueue({ sides: ['a', 'b'], seeds: 2, depths: [] })
  await lab.actions.addToQueue({ sides: ['b'], seeds: 1, depths: [8] })
  const [seeds, single] = asked
  if (seeds?.kind !== 'queue-add' || single?.kind !== 'queue-add') throw new Error('nothing was queued')
  const runs = (of: typeof seeds) => of.sessions.map((session) => session.runs.map(({ config }) => config))
  expect(runs(seeds).map((pair) => pair.map(({ seed, network }) => [seed, network.identity]))).toEqual([
    [
      [5, true],
      [5, false],
    ],
    [
      [6, true],
      [6, false],
    ],
  ])
  expect(seeds.group).not.toBeNull()
  expect(single.group).toBeNull()
  expect(runs(single)[0]?.[0]?.network).toMatchObject({ stages: [{ blocks: 1 }, {}, {}], identity: false })
})

test('a refusal of the queue is reported beside it', async () => {
  answer = () => {
    throw new AppError('queue-busy', 'Another tab works on the queue.')
  }
  await lab.actions.goOnWithQueue()
  expect(state().failures.queue?.code).toBe('queue-busy')
  tell({ kind: 'queue', state: 'elsewhere', failure: null })
  await eventually(() => expect(state().stored.queue.state).toBe('elsewhere'))
})

test('a profile is of the side as it is set up, and once it trains as it trains', async () => {
  answer = (command) => (command.kind === 'profile' ? { kernels: [] } : null)
  await lab.actions.profile('b')
  const trained = { ...state().setup, seed: 99 }
  const runs = [{ run: 's-a', config: trained, failure: null }]
  tell({
    kind: 'session',
    session: 's',
    state: 'running',
    phase: null,
    kernels: null,
    notice: null,
    failure: null,
    runs,
  })
  await eventually(() => expect(state().runs.a).not.toBeNull())
  await lab.actions.profile('a')
  expect(asked).toMatchObject([
    { kind: 'profile', config: { network: { identity: false } } },
    { kind: 'profile', config: { seed: 99, network: { identity: true } } },
  ])
})

test('batch-norm parameters of a run come as the worker reads them', async () => {
  const scale = { name: 'bn1.weight', role: 'scale', shape: [2], values: Float32Array.of(1, 2) } as const
  answer = () => ({ config: state().setup, steps: 3, parameters: [scale] })
  const { steps, parameters } = await lab.actions.readParameters('s-a', ['scale'])
  expect(asked).toEqual([{ kind: 'read-parameters', run: 's-a', roles: ['scale'] }])
  expect([steps, parameters]).toEqual([3, [scale]])
})

test('a score of an imported file is kept with the file’s name, the newest first', async () => {
  const evaluation = { total: 2, correct: 1, accuracy: 0.5, loss: 1, confusion: [[1]], perClass: [] }
  answer = () => ({ network: state().setup.network, networkFrom: { kind: 'settings' }, evaluation })
  for (const name of ['one.safetensors', 'two.safetensors']) {
    await lab.actions.evaluateWeights(new File(['x'], name), 'builtin', 2)
  }
  expect(state().imported.map(({ fileName }) => fileName)).toEqual(['two.safetensors', 'one.safetensors'])
  lab.actions.forgetImported(state().imported[0]?.key ?? '')
  expect(state().imported.map(({ fileName }) => fileName)).toEqual(['one.safetensors'])
})

test('however fast metrics come, the page is told a few times a second', async () => {
  tellSession('s', 'running')
  await eventually(() => expect(state().session?.session).toBe('s'))
  let changes = 0
  const stop = lab.store.subscribe(() => changes++)
  for (let i = 0; i < 200; i++) tell({ kind: 'log', run: null, at: i, level: 'info', text: `line ${i}` })
  await eventually(() => expect(state().log).toHaveLength(200))
  expect(changes).toBeLessThanOrEqual(2)
  expect(state().log.map(({ at }) => at)).toEqual(Array.from({ length: 200 }, (_, i) => i))
  stop()
})

describe('the engine', () => {
  const CPU = { engine: 'cpu', threads: 2 } as const

  test('that is chosen is asked of the worker, kept, and no longer the address’s', async () => {
    const kept: unknown[] = []
    const channel = new MessageChannel()
    const own = createLab((listener) => createWorkerClient(channel.port1, listener), {
      preference: { setting: { engine: 'webgpu', threads: null }, from: 'address', failure: null },
      remember: (setting) => kept.push(setting),
    })
    expect(own.store.getState().engine.from).toBe('address')
    void own.actions.chooseEngine(CPU)
    expect(own.store.getState().engine).toEqual({ setting: CPU, from: 'choice' })
    expect(kept).toEqual([CPU])
    channel.port1.close()
    await lab.actions.chooseEngine(CPU)
    expect(asked).toEqual([{ kind: 'choose-engine', setting: CPU }])
  })

  test('of an address that names none is told on the page', () => {
    const failure = toFailure(new AppError('config-invalid', 'There is no engine called "torch".'))
    const preference = { setting: { engine: 'auto', threads: null }, from: 'default', failure } as const
    const own = createLab((listener) => createWorkerClient(new MessageChannel().port1, listener), {
      preference,
      remember: () => undefined,
    })
    expect(own.store.getState().failures.page).toEqual(failure)
  })

  /** The worker refuses to go on with another engine unless it may. */
  const refuse = (command: Command) => {
    if ('mayChangeEngine' in command && !command.mayChangeEngine) {
      throw new AppError('engine-changed', 'This run was trained with WebGPU.')
    }
    return null
  }

  test.each([
    [true, ['extend', 'extend']],
    [false, ['extend']],
  ])('that would change is asked about; the answer %s', async (isAgreed, commands) => {
    answer = refuse
    tellSession('s', 'finished')
    await eventually(() => expect(state().session?.session).toBe('s'))
    const extending = lab.actions.extend(2)
    await eventually(() => expect(state().engineQuestion?.text).toBe('This run was trained with WebGPU.'))
    lab.actions.answerEngineQuestion(isAgreed)
    await extending
    expect(state().engineQuestion).toBeNull()
    expect(kinds()).toEqual(commands)
    expect(state().failures.run).toBeNull()
  })

  test('that would change with the queue is asked about too', async () => {
    answer = refuse
    const going = lab.actions.goOnWithQueue()
    await eventually(() => expect(state().engineQuestion).not.toBeNull())
    lab.actions.answerEngineQuestion(true)
    await going
    expect(asked).toMatchObject([
      { kind: 'queue-go', mayChangeEngine: false },
      { kind: 'queue-go', mayChangeEngine: true },
    ])
  })
})
