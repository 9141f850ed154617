import { expect, test } from 'vitest'
import { readBlocks, writeBlocks } from './read-blocks.ts'

const STAGES = [16, 32, 64].map((channels) => ({ blocks: 3, channels }))
const blocksOf = (text: string) => {
  const parsed = readBlocks(text, STAGES)
  return 'value' in parsed ? parsed.value.map(({ blocks }) => blocks) : parsed.error
}

test.each([
  ['5', [5, 5, 5]],
  ['1, 2 4', [1, 2, 4]],
])('"%s" is read as blocks of each stage, whose channels stay', (text, blocks) => {
  expect(blocksOf(text)).toEqual(blocks)
  const parsed = readBlocks(text, STAGES)
  expect('value' in parsed && parsed.value.map(({ channels }) => channels)).toEqual([16, 32, 64])
})

test.each(['', '0', '65', '1.5', '1, 2', '1, 2, 3, 4', 'ten'])('"%s" is no number of blocks', (text) => {
  expect(blocksOf(text)).toBe('Enter a whole number from 1 to 64, or 3 of them, one per stage.')
})

test('one number is written where all stages agree', () => {
  expect(writeBlocks(STAGES)).toBe('3')
  expect(writeBlocks([{ blocks: 1, channels: 16 }, ...STAGES])).toBe('1, 3, 3, 3')
})
