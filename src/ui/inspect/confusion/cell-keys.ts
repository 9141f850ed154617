import type { CellPosition } from './format-confusion.ts'

/**
 * Where a key leads from a cell in a square of `size` × `size`; null for a key that leads nowhere.
 * Arrows go one cell, Home and End along the row, with Ctrl to the corners.
 */
export function cellAfterKey(
  { truth, predicted }: CellPosition,
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  size: number,
): CellPosition | null {
  const last = size - 1
  switch (key) {
    case 'ArrowLeft':
      return { truth, predicted: Math.max(0, predicted - 1) }
    case 'ArrowRight':
      return { truth, predicted: Math.min(last, predicted + 1) }
    case 'ArrowUp':
      return { truth: Math.max(0, truth - 1), predicted }
    case 'ArrowDown':
      return { truth: Math.min(last, truth + 1), predicted }
    case 'Home':
      return { truth: ctrlKey ? 0 : truth, predicted: 0 }
    case 'End':
      return { truth: ctrlKey ? last : truth, predicted: last }
    default:
      return null
  }
}
