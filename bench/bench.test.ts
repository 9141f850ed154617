import { expect, test } from 'vitest'
import { lastLine, startProgram } from '../src/testing/node/run-lab.ts'

test('with --cpu in Node, the last line has what was measured, what cannot train, and the conditions', async () => {
  const words = '--cpu --quick --json --rounds 1 --batch 2 --threads 1 --net resnet-8-narrow'
  const engines = 'jax-js-wasm,tfjs-wasm'
  const finished = await startProgram('bench/main.ts', [...words.split(' '), '--engine', engines]).finished
  expect(finished.code).toBe(0)
  expect(lastLine(finished)).toMatchObject({
    adapter: null,
    results: [{ net: 'resnet-8-narrow', engine: 'jax-js-wasm', batch: 2, slower: null }],
    failures: [{ engine: 'tfjs-wasm', reason: expect.stringContaining('It cannot train') }],
    conditions: { runsIn: 'Node', threads: 1, crossOriginIsolated: null },
  })
  expect(finished.stdout).toContain('tfjs-wasm    It cannot train')
}, 60_000)
