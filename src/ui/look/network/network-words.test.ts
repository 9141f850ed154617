import { expect, test } from 'vitest'
import type { Part, ShortcutKind } from './network-outline.ts'
import { shapeText, shortcutsInWords } from './network-words.ts'

const part = (shortcut: ShortcutKind | null): Part => ({
  name: '',
  layers: [],
  shape: { height: 1, width: 1, channels: 1 },
  parameters: 0,
  shortcut,
})

test('shapes are channels × height × width, and vectors a length', () => {
  expect(shapeText({ height: 32, width: 16, channels: 3 })).toBe('3 × 32 × 16')
  expect(shapeText({ height: 1, width: 1, channels: 10 })).toBe('10')
})

test('shortcuts are counted by their kind', () => {
  expect(shortcutsInWords([part(null), part('identity'), part('padded'), part('identity')])).toBe(
    '2 × identity shortcut (solid), 1 × shortcut of every second pixel and zero channels (dashed).',
  )
})

test('a network without shortcuts says so', () => {
  expect(shortcutsInWords([part(null)])).toMatch(/^No shortcuts/)
})
