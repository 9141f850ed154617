import { expect, test } from 'vitest'
import { COLUMNS, pictureAt } from './picture-at.ts'

const ranked = (image: number) => ({ image, label: 0, activation: image })

test('the lowest stand at the left, the highest at the right, and columns between are empty', () => {
  const row = { lowest: [ranked(4), ranked(5)], highest: [ranked(8)], spread: 0, purity: 1 }
  const images = Array.from({ length: COLUMNS }, (_, column) => pictureAt(row, column)?.image ?? null)
  expect(images).toEqual([4, 5, ...Array.from({ length: 17 }, () => null), 8])
})
