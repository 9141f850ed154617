import { expect, test } from 'vitest'
import { findPreset } from '../network/presets.ts'
import { assertLockstep } from './lockstep.ts'

function preset() {
  const found = findPreset('akamaster-20')
  if (!found) throw new Error('no preset akamaster-20')
  return found.config
}

test('runs that differ in identity only may train side by side', () => {
  const config = preset()
  expect(() =>
    assertLockstep([config, { ...config, network: { ...config.network, identity: false } }]),
  ).not.toThrow()
})

test('runs that would see other images may not, and the setting is named', () => {
  const config = preset()
  expect(() => assertLockstep([config, { ...config, seed: 2 }])).toThrow(/seed setting/)
  expect(() => assertLockstep([config, { ...config, batchSize: 64 }])).toThrow(/batchSize setting/)
})
