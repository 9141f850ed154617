import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { runConfigSchema } from '../../config/run-config.ts'
import { weightLayers } from '../../network/format-network.ts'
import { canonicalText, configOf } from '../../runs/pair.ts'
import { pairedTest } from '../../runs/statistics/statistics.ts'
import { experimentOf, MEASURED_EXPERIMENTS, quickStart } from './quick-start.ts'
import { tidySetup } from './setup.ts'

const device = (
  engine: DeviceInfo['engine'],
  backend: DeviceInfo['backend'],
  software: boolean,
): DeviceInfo => ({
  engine,
  backend,
  adapter: 'some',
  software,
  activationFormats: ['f32'],
  fallbackReasons: [],
})
const CPU = device('cpu', 'wasm', true)
const GRAPHICS_CARD = device('webgpu', 'webgpu', false)
const layers = (info: DeviceInfo | null) => {
  const { first, second } = quickStart(info)
  return [first, second].map((experiment) => experiment && weightLayers(experiment.setup.network))
}

describe('the quick start', () => {
  test('is deep on the CPU engine, then shallow; and so before the device is known', () => {
    expect(layers(CPU)).toEqual([44, 8])
    expect(quickStart(null)).toBe(quickStart(CPU))
  })

  test('is deeper on a graphics card', () => {
    const [first = 0, second] = layers(GRAPHICS_CARD)
    expect(first).toBeGreaterThan(44)
    expect(second).toBe(8)
  })

  test.each([
    ['WebGPU in software', device('webgpu', 'webgpu', true)],
    ['TensorFlow.js on the CPU', device('tfjs', 'cpu', true)],
    ['TensorFlow.js on WebGL', device('tfjs', 'webgl', false)],
    ['TensorFlow.js on WebGPU', device('tfjs', 'webgpu', false)],
  ])('is one small pair on %s', (_name, info) => {
    expect(layers(info)).toEqual([8, null])
    expect(quickStart(info).first.setup.network.stem.channels).toBeLessThan(8)
  })

  test.each([CPU, GRAPHICS_CARD, device('tfjs', 'cpu', true)])('can be trained as it is: %j', (info) => {
    const { first, second } = quickStart(info)
    for (const experiment of [first, second]) {
      if (!experiment) continue
      expect(runConfigSchema.parse(experiment.setup)).toEqual(experiment.setup)
      expect(tidySetup(experiment.setup)).toEqual(experiment.setup)
      expect(experiment.setup.data.set).toBe('builtin')
    }
  })
})

describe('a config', () => {
  const offered = quickStart(CPU)

  test.each(['a', 'b'] as const)('of side %s is its experiment’s, on whatever seed', (side) => {
    const { first, second } = offered
    expect(experimentOf(offered, configOf(side, { ...first.setup, seed: 7 }))).toBe(first)
    expect(second && experimentOf(offered, configOf(side, second.setup))).toBe(second)
  })

  test('that differs in anything else is none of them', () => {
    expect(experimentOf(offered, { ...offered.first.setup, batchSize: 31 })).toBeNull()
  })
})

describe.each(Object.entries(MEASURED_EXPERIMENTS))(
  'what is said of %s',
  (name, { depth, setup, measured }) => {
    const { withIdentity, withoutIdentity } = measured
    const docs = readFileSync('docs/first-minute.md', 'utf8')
    const section = docs.split('### ').find((part) => part.startsWith(`${name}\n`)) ?? ''

    test('is what docs/first-minute.md has of each seed, of this very set-up', () => {
      const rows = [...section.matchAll(/^\| (\d+) \| ([\d.]+) % \| ([\d.]+) % \|/gm)]
      expect(rows.map(([, seed, a, b]) => [seed, a, b].map(Number))).toEqual(
        withIdentity.map((accuracy, i) => [i + 1, accuracy, withoutIdentity[i]]),
      )
      expect(withoutIdentity).toHaveLength(withIdentity.length)
      const digest = createHash('sha256')
        .update(canonicalText({ ...setup, seed: 0 }))
        .digest('hex')
      expect(section).toContain(`set-up ${digest.slice(0, 12)}`)
    })

    test('holds: deep, every seed learns much better with identity; shallow, none differs by much', () => {
      const differences = withIdentity.map((accuracy, i) => accuracy - (withoutIdentity[i] ?? 0))
      const [low = 0] = pairedTest(differences.map((difference) => [0, difference] as const))?.interval ?? []
      const isFarAhead = Math.min(...differences) > 10 && low > 10
      expect(isFarAhead).toBe(depth === 'deep')
      expect(differences.every((difference) => Math.abs(difference) < 5)).toBe(depth === 'shallow')
    })
  },
)
