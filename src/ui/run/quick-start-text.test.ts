import { expect, test } from 'vitest'
import { quickStart } from '../../client/setup/quick-start.ts'
import type { DeviceInfo } from '../../contract/device-info.ts'
import { expectation, invitation, measurement, reason } from './quick-start-text.ts'

const { first, second } = quickStart(null)
if (!second) throw new Error('the CPU engine’s quick start has one experiment only')
const slow: DeviceInfo = {
  engine: 'tfjs',
  backend: 'cpu',
  adapter: 'plain JavaScript',
  software: true,
  activationFormats: ['f32'],
  fallbackReasons: [],
}

test('of the deep pair it is said that A will be ahead, why, and what was measured', () => {
  expect(expectation(first)).toBe('44 layers: expect A far ahead')
  expect(reason(first, second)).toMatch(/^A plain network of 44 layers is too deep to learn in 4 epochs/)
  const measured = { withIdentity: [70, 80, 81], withoutIdentity: [10, 20.25, 12] }
  expect(measurement({ ...first, measured })).toBe(
    'We measured 3 seeds on the CPU engine: A 77.0 % (70.0–81.0), B 14.1 % (10.0–20.3), on 500 synthetic test images.',
  )
})

test('of the shallow pair it is said that there is little difference', () => {
  expect(expectation(second)).toBe('8 layers: expect little difference')
  expect(reason(second, first)).toContain('they do not help, and B may end a few points ahead.')
})

test('each invites to the other', () => {
  expect(invitation(second)).toBe('At 8 layers it does not matter')
  expect(invitation(first)).toBe('At 44 layers it matters')
})

test('of the small pair of a slow engine no metrics are told, but where identity would matter', () => {
  const small = quickStart(slow).first
  expect(measurement(small)).toBeNull()
  expect(reason(small, null)).toContain('take too long on this engine')
})
