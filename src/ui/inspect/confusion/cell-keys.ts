import type { CellPosition } from './format-confusion.ts'

/** Cells; the matrices that are large have 100 classes. */
const LEAP = 10

/**
 * Where a key leads from a cell in a square of `size` × `size`; null for a key that leads nowhere.
 * Arrows go one cell, with Shift ten; Home and End along the row, with Ctrl to the corners.
 */
export function cellAfterKey(
  { truth, predicted }: CellPosition,
  { key, ctrlKey, shiftKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey'>,
  size: number,
): CellPosition | null {
  const last = size - 1
  const step = shiftKey ? LEAP : 1
  switch (key) {
    case 'ArrowLeft':
      return { truth, predicted: Math.max(0, predicted - step) }
    case 'ArrowRight':
      return { truth, predicted: Math.min(last, predicted + step) }
    case 'ArrowUp':
      return { truth: Math.max(0, truth - step), predicted }
    case 'ArrowDown':
      return { truth: Math.min(last, truth + step), predicted }
    case 'Home':
      return { truth: ctrlKey ? 0 : truth, predicted: 0 }
    case 'End':
      return { truth: ctrlKey ? last : truth, predicted: last }
    default:
      return null
  }
}
