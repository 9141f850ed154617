import { afterAll, describe, expect, test } from 'vitest'
import { nodeCpuHost } from '../../cli/device/node-cpu-host.ts'
import { initialState } from '../../training/initialise.ts'
import type { Engine } from '../engine.ts'
import { relativeError } from '../../testing/suites/parity.ts'
import { describeSystems } from '../../testing/suites/system-suite.ts'
import { describeTrainer } from '../../testing/suites/trainer-suite.ts'
import { createCpuEngine } from './cpu-engine.ts'
import { type CpuHost, type ModuleName, MODULES } from './threads/host.ts'
import { randomBatch, TEST_NETWORKS, trainingOptions } from '../../testing/cpu-engine/test-networks.ts'

const open = (threads: number, host: CpuHost = nodeCpuHost) =>
  createCpuEngine({
    host,
    threads,
    onFailure(error) {
      throw error
    },
  })

/** A machine that knows only one of the modules. */
function offering(module: ModuleName): CpuHost {
  return {
    ...nodeCpuHost,
    load: async (name) => (name === module ? nodeCpuHost.load(name) : new Uint8Array()),
  }
}

describeTrainer('the CPU engine', () => open(2))
describeSystems('the CPU engine', () => open(2))
describeTrainer('the CPU engine without fused multiply-add', () => open(2, offering('plain')))
describeSystems('the CPU engine without fused multiply-add', () => open(2, offering('plain')))

describe('both modules', async () => {
  const engines = await Promise.all(MODULES.map((module) => open(1, offering(module))))
  afterAll(() => {
    for (const engine of engines) engine.dispose()
  })

  test('are named by what they lack', () => {
    expect(engines.map(({ info }) => info.adapter)).toEqual([
      'CPU, one thread, WebAssembly SIMD',
      'CPU, one thread, WebAssembly SIMD without fused multiply-add',
    ])
  })

  test.each(TEST_NETWORKS)('compute alike: $name', async ({ graph }) => {
    const after = async (engine: Engine) => {
      const trainer = await engine.compile(graph, trainingOptions(5, initialState(graph, 7)))
      const before = await trainer.evaluate(randomBatch(5, 9))
      trainer.step(randomBatch(5, 1), { learningRate: 0.01 })
      const losses = (await trainer.drain()).map(({ loss }) => loss)
      const { parameters, statistics } = await trainer.read()
      trainer.dispose()
      return { before, losses, tensors: { ...parameters, ...statistics } }
    }
    const [relaxed, plain] = await Promise.all(engines.map(after))
    if (!relaxed || !plain) throw new Error('two modules')
    expect(relativeError(plain.before, relaxed.before)).toBeLessThan(1e-5)
    expect(relativeError(plain.losses, relaxed.losses)).toBeLessThan(1e-5)
    for (const [name, values] of Object.entries(relaxed.tensors)) {
      expect(relativeError(plain.tensors[name] ?? [], values)).toBeLessThan(1e-5)
    }
  })
})
