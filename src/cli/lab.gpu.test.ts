// The command line on Dawn.
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluationSchema } from '../contract/evaluation.ts'
import { readCheckpoint } from '../transfer/checkpoint-file.ts'
import { lastLine, runLab } from '../testing/node/run-lab.ts'

const SMALL = ['--preset', 'akamaster-20', '--n', '1', '--width', '4', '--data', 'builtin']
const FEW = ['--batch', '8', '--limit-train', '16', '--limit-test', '40']
const ON_DAWN = ['--engine', 'webgpu']

test('train and evaluate run on WebGPU where it is named, and agree on the score', async () => {
  const out = await mkdtemp(join(tmpdir(), 'lab-'))
  const trained = await runLab('train', ...SMALL, ...FEW, ...ON_DAWN, '--steps', '3', '--out', out)
  expect(trained.stderr).toMatch(/^Engine: WebGPU on .*\. Chosen with --engine webgpu\.$/m)
  expect(trained.code).toBe(0)
  const path = join(out, 'checkpoint.safetensors')
  const checkpoint = readCheckpoint(await readFile(path), path)
  expect(checkpoint.engines).toEqual([{ engine: 'webgpu', fromStep: 0 }])

  const weights = ['--weights', join(out, 'weights.safetensors'), '--limit', '40']
  const evaluated = await runLab('evaluate', ...SMALL, ...ON_DAWN, ...weights, '--json')
  expect(evaluated.code).toBe(0)
  const { accuracy } = evaluationSchema.parse(lastLine(evaluated))
  expect(accuracy).toBe(checkpoint.epochs.at(-1)?.test.accuracy)
})
