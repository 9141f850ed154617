import { expect, test } from 'vitest'
import { lastLine, startProgram } from '../src/testing/node/run-lab.ts'

const bench = (words: string) => startProgram('bench/main.ts', words.split(' ')).finished

test('in Node, the last line is the JSON of every engine’s speed', async () => {
  const finished = await bench(
    '--node --quick --json --rounds 1 --batch 2 --net resnet-8-narrow --engine residual-lab,tfjs-webgpu',
  )
  expect(finished.stderr).toContain('residual-lab  round 1')
  expect(finished.code).toBe(0)
  const row = (engine: string) => ({
    net: 'resnet-8-narrow',
    engine,
    batch: 2,
    imagesPerSecond: expect.any(Number),
    msPerStep: expect.any(Number),
    low: expect.any(Number),
    high: expect.any(Number),
    slower: {
      than: 'residual-lab',
      ratio: expect.any(Number),
      low: expect.any(Number),
      high: expect.any(Number),
    },
  })
  expect(lastLine(finished)).toEqual({
    adapter: expect.any(String),
    results: [row('residual-lab'), row('tfjs-webgpu')],
    failures: [],
    conditions: expect.objectContaining({ threads: null, crossOriginIsolated: null }),
  })
})

test('in Node, the profile has a rate and a share for every kernel', async () => {
  const finished = await bench('--node --profile --json --net resnet-8-narrow --batch 2')
  expect(finished.code).toBe(0)
  const line = lastLine(finished)
  expect(line).toMatchObject({ profiles: [{ net: 'resnet-8-narrow', batch: 2 }] })
  expect(JSON.stringify(line)).toContain('conv2d forward 3×3/1 4→4')
  expect(finished.stdout).toContain('GFLOP/s')
})

test('a wrong option is one line and exit code 2', async () => {
  const { code, stderr } = await bench('--net vgg')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^bench: --net takes .*, not "vgg" \(--help tells more\)\n$/)
})
