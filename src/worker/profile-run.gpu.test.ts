import { expect, test } from 'vitest'
import { createNodeGpu } from '../cli/device/node-gpu.ts'
import { createEngine } from '../engine/create-engine.ts'
import { findPreset } from '../presets/presets.ts'
import { heNetwork } from '../presets/he.ts'
import { profileRun } from './profile-run.ts'

function tinyConfig() {
  const preset = findPreset('akamaster-20')
  if (!preset) throw new Error('no preset akamaster-20')
  const { config } = preset
  return { ...config, network: heNetwork({ n: 1, width: 4 }), batchSize: 2 }
}

test('the kernels of a step are told by label, the costliest first, and their shares add up', async () => {
  const { gpu } = await createNodeGpu()
  const engine = await createEngine({ engine: 'webgpu', gpu, onFailure: () => undefined })
  const kernels = await profileRun(engine, tinyConfig())
  engine.dispose()
  expect(kernels.find(({ label }) => label.startsWith('conv2d forward 3×3/1 4→4'))?.count).toBe(2)
  expect(kernels.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  const times = kernels.map(({ milliseconds }) => milliseconds)
  expect(times).toEqual(times.toSorted((a, b) => b - a))
  expect(times[0]).toBeGreaterThan(0)
})

test('tfjs times no kernels, and says so', async () => {
  const engine = await createEngine({ engine: 'tfjs', onFailure: () => undefined })
  await expect(profileRun(engine, tinyConfig())).rejects.toMatchObject({ code: 'device-unavailable' })
  engine.dispose()
})
