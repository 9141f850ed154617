// What happens to training on the CPU engine when one of its threads ends.
import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import { createFragileHost, type Harm } from '../testing/node/test-cpu-host.ts'
import type { RunConfig } from '../config/run-config.ts'
import { createCpuEngine } from '../engine/cpu/cpu-engine.ts'
import { heNetwork } from '../presets/he.ts'
import { readWeights } from '../transfer/weights-file.ts'
import { openLab, tinyConfig } from '../testing/worker/open-lab.ts'

/** Epochs of 4 steps. */
const CONFIG: RunConfig = {
  ...tinyConfig(),
  data: { set: 'builtin', limitTrain: 30, limitTest: 10, validation: null },
  network: heNetwork({ n: 1, width: 4 }),
  budget: { unit: 'epoch', amount: 3 },
  batchSize: 8,
}
const PAIR = [CONFIG, { ...CONFIG, network: { ...CONFIG.network, identity: false } }] as const

/** @param harms of each engine, by the runs of its threads before: one of the self-test, then steps and evaluations */
async function openCpuLab(harms: readonly { readonly how: Harm; readonly runs: number }[] = []) {
  const machine = createFragileHost()
  let engines = 0
  const opened = await openLab({
    createEngine(_setting, onFailure) {
      const harm = harms[engines++]
      if (harm) machine.harm(harm.how, harm.runs)
      return createCpuEngine({ host: machine.host, threads: 2, onFailure })
    },
  })
  const { send, events } = opened
  return {
    ...opened,
    engines: () => engines,
    last: () => events.findLast((event) => event.kind === 'session'),
    steps: (run: string) =>
      events.flatMap((event) => (event.kind === 'steps' && event.run === run ? event.points : [])),
    rewound: () => events.flatMap((event) => (event.kind === 'rewound' ? [event.run] : [])),
    start: (session: string, ...configs: readonly RunConfig[]) =>
      send({
        kind: 'start',
        session,
        runs: configs.map((config, i) => ({ run: `${session}-${i}`, config })),
        paused: false,
      }),
    weights: async (run: string) =>
      (await send({ kind: 'export-weights', run, naming: 'akamaster', format: 'safetensors' })).bytes,
  }
}

describe.each<Harm>(['exits', 'throws'])('a thread that %s in mid-training', (how) => {
  test('sends the session back to its last checkpoint, and it ends with the bits of an undisturbed one', async () => {
    const undisturbed = await openCpuLab()
    await undisturbed.start('s', ...PAIR)
    await undisturbed.finished()

    // The first epoch takes 8 steps of both runs, and two evaluations; this is in the second.
    const disturbed = await openCpuLab([{ how, runs: 14 }])
    await disturbed.start('s', ...PAIR)
    await disturbed.until(() => ['finished', 'failed'].includes(disturbed.last()?.state ?? ''))

    expect(disturbed.last()).toMatchObject({ state: 'finished', failure: null })
    expect(disturbed.last()?.notice).toMatch(/^A thread of the CPU engine ended unexpectedly, /)
    expect(disturbed.engines()).toBe(2)
    expect(disturbed.rewound()).toEqual(['s-0', 's-1'])
    for (const run of ['s-0', 's-1']) {
      expect(Buffer.from(await disturbed.weights(run))).toEqual(Buffer.from(await undisturbed.weights(run)))
    }
  })
})

test('a thread that ends twice before a checkpoint fails the session with its weights, and the next session trains', async () => {
  const { start, until, last, weights, finished, steps } = await openCpuLab([
    { how: 'exits', runs: 14 },
    { how: 'exits', runs: 2 },
  ])
  await start('first', { ...CONFIG, budget: { unit: 'epoch', amount: 500 } })
  await until(() => last()?.state === 'failed')
  expect(last()?.failure).toMatchObject({
    code: 'device-lost',
    message: expect.stringMatching(/^A thread of the CPU engine ended unexpectedly, .* second time/),
  })
  const bytes = await weights('first-0')
  expect(() => readWeights(bytes, CONFIG, 'weights')).not.toThrow()
  await start('second', CONFIG)
  await finished()
  expect(steps('second-0')).toHaveLength(12)
})

test('a run that diverges is left alone, and the other run goes on', async () => {
  const { start, finished, last, engines } = await openCpuLab()
  const budget = { unit: 'epoch', amount: 10 } as const
  const poisoned = { ...CONFIG.optimiser, learningRate: 100, weightDecay: 1 }
  await start('s', { ...CONFIG, budget }, { ...CONFIG, budget, optimiser: poisoned })
  await finished()
  const [healthy, diverged] = last()?.runs ?? []
  expect(healthy?.failure).toBeNull()
  expect(diverged?.failure).toMatchObject({ code: 'training-diverged' })
  expect(engines()).toBe(1)
})
