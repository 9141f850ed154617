import { expect, test } from 'vitest'
import type { Part, Shortcut } from './network-outline.ts'
import { formatBlocks, shapeText, formatShortcuts } from './format-network.ts'

const part = (shortcut: Shortcut | null, steps: readonly string[] = []): Part => ({
  name: '',
  layers: [],
  shape: { height: 1, width: 1, channels: 1 },
  parameters: 0,
  convolutions: 0,
  steps,
  shortcut,
})
const IDENTITY: Shortcut = { kind: 'identity', steps: [] }
const PADDED: Shortcut = { kind: 'resized', steps: ['stride-2 subsampling', 'zero-padded channels'] }

test('shapes are channels × height × width, and vectors a length', () => {
  expect(shapeText({ height: 32, width: 16, channels: 3 })).toBe('3 × 32 × 16')
  expect(shapeText({ height: 1, width: 1, channels: 10 })).toBe('10')
})

test('shortcuts are counted by what they do', () => {
  expect(formatShortcuts([part(null), part(IDENTITY), part(PADDED), part(IDENTITY)])).toBe(
    '2 × identity shortcut (solid), 1 × shortcut of stride-2 subsampling and zero-padded channels (dashed).',
  )
})

test('a network without shortcuts says so', () => {
  expect(formatShortcuts([part(null)])).toMatch(/^No shortcuts/)
})

test('blocks are counted by their main path', () => {
  const [one, other] = [part(IDENTITY, ['batch norm', 'ReLU']), part(IDENTITY, ['ReLU'])]
  expect(formatBlocks([one, other, one])).toEqual(['2 blocks: batch norm → ReLU', '1 block: ReLU'])
})
