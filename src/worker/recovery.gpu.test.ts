// What happens to training on a real device (Dawn) that is lost, refuses a command, or has no memory left.
import 'fake-indexeddb/auto'
import { afterEach, describe, expect, test } from 'vitest'
import { openTrackedGpu } from '../testing/node/tracked-gpu.ts'
import type { TrainEvent } from '../contract/events.ts'
import type { NetworkConfig } from '../network/network-config.ts'
import type { RunConfig } from '../config/run-config.ts'
import { createDataLibrary } from '../data/data-library.ts'
import { openFreshStore } from '../testing/data/open-fresh-store.ts'
import { createEngine } from '../engine/create-engine.ts'
import { findPreset } from '../presets/presets.ts'
import { computeWhitening, whitenWith } from '../training/whitening/compute-whitening.ts'
import { heNetwork } from '../presets/he.ts'
import { readWeights } from '../transfer/weights-file.ts'
import { dispatch } from './commands/dispatch.ts'
import { createWorkerServices, type WorkerServices } from './worker-services.ts'
import { freshRunLibrary } from '../testing/worker/fresh-run-library.ts'
import { createWhitener } from './whitener.ts'

/** One stage: every kernel beyond those of a step is one more to compile on each device. */
const NETWORK: NetworkConfig = { ...heNetwork({ n: 1, width: 4 }), stages: [{ blocks: 1, channels: 4 }] }

/** Epochs of 4 steps. */
function tiny(changes: Partial<RunConfig> = {}): RunConfig {
  const preset = findPreset('akamaster-20')
  if (!preset) throw new Error('no preset akamaster-20')
  const { config } = preset
  return {
    ...config,
    data: { set: 'builtin', limitTrain: 30, limitTest: 10, validation: null },
    network: NETWORK,
    budget: { unit: 'epoch', amount: 2 },
    batchSize: 8,
    ...changes,
  }
}

type EventOf<K extends TrainEvent['kind']> = Extract<TrainEvent, { kind: K }>
type Opened = Awaited<ReturnType<typeof openLab>>

async function openLab() {
  const events: TrainEvent[] = []
  let heard: (() => void)[] = []
  const emit = (event: TrainEvent) => {
    events.push(event)
    const woken = heard
    heard = []
    for (const resolve of woken) resolve()
  }
  const { store } = await openFreshStore()
  const library = createDataLibrary({
    store,
    fetch,
    elapsed: () => 0,
    emit: (status) => emit({ kind: 'data-set', status }),
    defaultBase: '/archives/',
  })
  await library.open()
  const { gpu, devices, close } = await openTrackedGpu()
  const lab = createWorkerServices({
    library,
    runs: (await freshRunLibrary(emit)).runs,
    whitener: createWhitener({
      compute: whitenWith(computeWhitening),
      store: null,
      elapsed: () => 0,
      say: () => undefined,
    }),
    setting: { engine: 'webgpu', threads: null },
    createEngine: (_setting, onFailure) => createEngine({ engine: 'webgpu', gpu, onFailure }),
    emit,
    now: () => 0,
    elapsed: () => 0,
    yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve)),
  })
  const eventsOf = <K extends TrainEvent['kind']>(kind: K) =>
    events.filter((event): event is EventOf<K> => event.kind === kind)
  return {
    lab,
    devices,
    close,
    eventsOf,
    state: () => eventsOf('session').at(-1)?.state,
    steps: (run: string) => eventsOf('steps').flatMap((event) => (event.run === run ? event.points : [])),
    until: async (reached: () => boolean) => {
      while (!reached()) {
        await new Promise<void>((resolve) => {
          heard.push(resolve)
        })
      }
    },
  }
}

function start(lab: WorkerServices, session: string, ...configs: readonly RunConfig[]): Promise<null> {
  const runs = configs.map((config, i) => ({ run: `${session}-${i}`, config }))
  return dispatch({ kind: 'start', session, runs, paused: false }, lab)
}

const opened: Opened[] = []
async function openTracked(): Promise<Opened> {
  const lab = await openLab()
  opened.push(lab)
  return lab
}

afterEach(() => {
  for (const { close } of opened.splice(0)) close()
})

const PAIR = [tiny(), tiny({ network: { ...NETWORK, identity: false } })] as const

describe('a pair', () => {
  const pairWeights = (lab: WorkerServices) =>
    Promise.all(
      ['s-0', 's-1'].map(async (run) => {
        const { bytes } = await dispatch(
          {
            kind: 'export-weights',
            run,
            naming: 'akamaster',
            format: 'safetensors',
          },
          lab,
        )
        return Buffer.from(bytes).toString('base64')
      }),
    )

  let trained: Promise<string[]> | null = null
  const undisturbedWeights = () => (trained ??= trainUndisturbed())
  async function trainUndisturbed(): Promise<string[]> {
    const { lab, state, until } = await openTracked()
    await start(lab, 's', ...PAIR)
    await until(() => state() === 'finished')
    return pairWeights(lab)
  }

  test.each<[string, (device: GPUDevice) => void, RegExp]>([
    ['is destroyed', (device) => device.destroy(), /^The graphics device was lost\. /],
    [
      'refuses a command',
      // A buffer without a use is a validation error; nobody awaits it.
      (device) => void device.createBuffer({ size: 4, usage: 0 }),
      /^The graphics device refused a command, /,
    ],
  ])('whose device %s in mid-training ends with the bits of an undisturbed one', async (_, harm, words) => {
    const disturbed = await openTracked()
    await start(disturbed.lab, 's', ...PAIR)
    await disturbed.until(() => disturbed.steps('s-1').length >= 5)
    const [device] = disturbed.devices
    if (!device) throw new Error('no device was opened')
    harm(device)
    await disturbed.until(() => disturbed.state() === 'finished' || disturbed.state() === 'failed')

    expect(disturbed.eventsOf('session').at(-1)).toMatchObject({ state: 'finished', failure: null })
    expect(disturbed.eventsOf('session').at(-1)?.notice).toMatch(words)
    expect(disturbed.devices).toHaveLength(2)
    expect(disturbed.eventsOf('rewound').map(({ run }) => run)).toEqual(['s-0', 's-1'])
    expect(await pairWeights(disturbed.lab)).toEqual(await undisturbedWeights())
  })
})

test('a device lost twice in a row fails the session with its weights kept, and the next session trains', async () => {
  const { lab, devices, eventsOf, state, steps, until } = await openTracked()
  await start(lab, 'first', tiny({ budget: { unit: 'epoch', amount: 500 } }))
  await until(() => eventsOf('epoch').length >= 1)
  devices[0]?.destroy()
  await until(() => devices.length === 2 && state() === 'running')
  devices[1]?.destroy()
  await until(() => state() === 'failed' || eventsOf('epoch').length > 3)
  expect(eventsOf('session').at(-1)?.failure).toMatchObject({
    code: 'device-lost',
    message: expect.stringMatching(/^The graphics device was lost\. It was the second time after step \d+, /),
  })
  const { bytes } = await dispatch(
    {
      kind: 'export-weights',
      run: 'first-0',
      naming: 'akamaster',
      format: 'safetensors',
    },
    lab,
  )
  expect(() => readWeights(bytes, tiny(), 'weights')).not.toThrow()
  await start(lab, 'second', tiny())
  await until(() => state() === 'finished')
  expect(steps('second-0')).toHaveLength(8)
})

test('memory that the device does not give fails the session in one sentence, and a smaller one trains', async () => {
  const { lab, devices, eventsOf, state, until } = await openTracked()
  await lab.sessions.open()
  const [device] = devices
  if (!device) throw new Error('no device was opened')
  // The driver refuses a buffer of the largest size that it announces.
  const createBuffer = device.createBuffer.bind(device)
  const huge = (descriptor: GPUBufferDescriptor) =>
    createBuffer(
      descriptor.label === 'arena 0' ? { ...descriptor, size: device.limits.maxBufferSize } : descriptor,
    )
  Object.defineProperty(device, 'createBuffer', { value: huge, configurable: true })
  await start(lab, 'large', tiny())
  await until(() => state() === 'failed')
  expect(eventsOf('session').at(-1)?.failure).toMatchObject({
    code: 'out-of-memory',
    message: expect.stringMatching(
      /^The network needs \d+ MiB of graphics memory at batch 8, .* choose a smaller/,
    ),
  })
  Object.defineProperty(device, 'createBuffer', { value: createBuffer })
  await start(lab, 'small', tiny())
  await until(() => state() === 'finished')
  expect(devices).toHaveLength(1)
})

test('a batch beyond what the device binds fails the session in one sentence, and a smaller one trains', async () => {
  const { lab, devices, eventsOf, state, until } = await openTracked()
  await start(lab, 'large', tiny({ batchSize: 4096, network: heNetwork({ n: 1, width: 64 }) }))
  await until(() => state() === 'failed')
  expect(eventsOf('session').at(-1)?.failure).toMatchObject({
    code: 'config-invalid',
    message: expect.stringMatching(/takes 1024 MiB, and this graphics device binds at most 128 MiB at once/),
  })
  await start(lab, 'small', tiny())
  await until(() => state() === 'finished')
  expect(devices).toHaveLength(1)
})

test('a run that diverges on the device keeps its last finite weights, and the other run goes on', async () => {
  const { lab, eventsOf, state, until } = await openTracked()
  const budget = { unit: 'epoch', amount: 30 } as const
  const poisoned = { ...tiny().optimiser, learningRate: 100, weightDecay: 1 }
  await start(lab, 's', tiny({ budget }), tiny({ budget, optimiser: poisoned }))
  await until(() => state() === 'finished')
  const [healthy, diverged] = eventsOf('session').at(-1)?.runs ?? []
  expect(healthy?.failure).toBeNull()
  expect(diverged?.failure).toMatchObject({
    code: 'training-diverged',
    message: expect.stringMatching(/Its weights are those after step \d+, the last with finite values/),
  })
  // Reading refuses values that are not finite.
  const { bytes } = await dispatch(
    {
      kind: 'export-weights',
      run: 's-1',
      naming: 'akamaster',
      format: 'safetensors',
    },
    lab,
  )
  expect(() => readWeights(bytes, tiny(), 'weights')).not.toThrow()
})
