import { expect, test } from 'vitest'
import { formatOrigin } from './format-origin.ts'

const recognised = { kind: 'names', preset: 'drgripa1-20', tensors: 116, identityKnown: false } as const

test('a recognised network is named with what told, and with what did not', () => {
  expect(formatOrigin(recognised)).toBe(
    ' (recognised by its 116 tensors as drgripa1: ResNet-20; identity is assumed, because its shortcuts have no parameters; normalised as in that preset)',
  )
  expect(formatOrigin({ ...recognised, identityKnown: true })).not.toContain('assumed')
})

test('of a file that says itself what it holds there is nothing to add', () => {
  expect(formatOrigin({ kind: 'file' })).toBe('')
})
