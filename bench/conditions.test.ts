import { expect, test } from 'vitest'
import { conditions, conditionsJson, type Host } from './conditions.ts'
import type { BenchEvent } from './events.ts'

const HOST: Host = {
  name: null,
  flags: [],
  node: '20.20.2',
  packages: { webgpu: '0.6.2' },
  processor: 'a processor',
  cores: 4,
  load: 0.25,
  commit: 'abc',
  begun: new Date(0),
}

const MACHINE: BenchEvent = {
  kind: 'machine',
  adapter: null,
  limits: {},
  features: [],
  batch: 32,
  threads: 4,
  crossOriginIsolated: null,
}

const OPENED: BenchEvent = { kind: 'opened', engine: 'pytorch-cpu', adapter: 'PyTorch 2, 4 threads' }

test('a benchmark on the CPU in Node says its threads and engines, and nothing of an adapter', () => {
  expect(conditions([MACHINE, OPENED], HOST)).toBe(
    [
      'threads   4, for the engines that can have several here',
      'engines   pytorch-cpu: PyTorch 2, 4 threads',
      'host      Node 20.20.2',
      'packages  webgpu 0.6.2',
      'machine   a processor, 4 cores, load 0.3 at the start',
      'commit    abc, 1970-01-01T00:00Z',
    ].join('\n'),
  )
})

test('in a page it says whether that is isolated, and the adapter where one is used', () => {
  const host = { ...HOST, name: 'Chromium 1', flags: ['--flag'] }
  const page = (crossOriginIsolated: boolean): BenchEvent => ({
    ...MACHINE,
    adapter: 'a card',
    crossOriginIsolated,
  })
  const text = conditions([page(true)], host)
  expect(text).toContain('adapter   a card')
  expect(text).toContain('host      Chromium 1, Node 20.20.2, cross-origin isolated')
  expect(text).toContain('flags     --flag')
  expect(conditions([page(false)], host)).toContain('not cross-origin isolated')
})

test('the JSON has the same', () => {
  expect(conditionsJson([MACHINE, OPENED], HOST)).toMatchObject({
    runsIn: 'Node',
    processor: 'a processor',
    cores: 4,
    load: 0.25,
    threads: 4,
    crossOriginIsolated: null,
    adapters: { 'pytorch-cpu': 'PyTorch 2, 4 threads' },
    begun: '1970-01-01T00:00:00.000Z',
  })
})
