import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../config/run-config.ts'
import { findPreset } from '../presets/presets.ts'
import { type Checkpoint, firstCheckpoint } from './checkpoint.ts'
import { heNetwork } from '../presets/he.ts'
import { assertLockstep, type RunRequest } from './session-request.ts'

function preset() {
  const found = findPreset('akamaster-20')
  if (!found) throw new Error('no preset akamaster-20')
  return found.config
}

function tiny(): RunConfig {
  const config = preset()
  return { ...config, network: heNetwork({ n: 1, width: 2 }) }
}

const pairOf = (changes: Partial<RunConfig>): RunRequest[] => [
  { run: 'a', config: preset() },
  { run: 'b', config: { ...preset(), ...changes } },
]

test('runs that differ in identity only may train side by side', () => {
  const { network } = preset()
  expect(() => assertLockstep(pairOf({ network: { ...network, identity: false } }))).not.toThrow()
})

test('runs that would see other images may not, and the setting is named', () => {
  expect(() => assertLockstep(pairOf({ seed: 2 }))).toThrow(/seed setting/)
  expect(() => assertLockstep(pairOf({ batchSize: 64 }))).toThrow(/batchSize setting/)
})

describe('a checkpoint', () => {
  const config = tiny()
  const at = (steps: number): Checkpoint => {
    const from = firstCheckpoint(config)
    return { ...from, state: { ...from.state, steps } }
  }

  test('of the same run with another budget may go on', () => {
    const longer: RunConfig = { ...config, budget: { unit: 'iteration', amount: 50 } }
    expect(() => assertLockstep([{ run: 'a', config: longer, from: at(25) }])).not.toThrow()
  })

  test('of another run is refused by the setting that differs', () => {
    const other: RunConfig = { ...config, labelSmoothing: 0.1 }
    expect(() => assertLockstep([{ run: 'a', config: other, from: at(25) }])).toThrow(/labelSmoothing/)
  })

  test('of another step than the other run’s is refused', () => {
    const runs = [
      { run: 'a', config, from: at(25) },
      { run: 'b', config, from: at(30) },
    ]
    expect(() => assertLockstep(runs)).toThrow(/steps 25 and 30/)
  })
})
