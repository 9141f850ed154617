import type { Shape } from '../../../network/graph.ts'
import { SHORTCUT_KINDS, type Part, type ShortcutKind } from './network-outline.ts'

export const SHORTCUT_TEXT: Readonly<Record<ShortcutKind, string>> = {
  identity: 'identity shortcut',
  padded: 'shortcut of every second pixel and zero channels',
  projection: 'shortcut of a 1×1 convolution and batch norm',
}

/** How the diagram draws them. */
const LINE_TEXT: Readonly<Record<ShortcutKind, string>> = {
  identity: 'solid',
  padded: 'dashed',
  projection: 'dotted',
}

/** Channels × height × width, as PyTorch says it; a vector by its length alone. */
export const shapeText = ({ channels, height, width }: Shape) =>
  height === 1 && width === 1 ? String(channels) : `${channels} × ${height} × ${width}`

/** "image → 3×3 convolution → batch norm → ReLU" */
export const partSteps = ({ layers }: Part) => layers.map(({ text }) => text).join(' → ')

/** "7 × identity shortcut (solid), 2 × shortcut of every second pixel and zero channels (dashed)." */
export function shortcutsInWords(parts: readonly Part[]): string {
  const found = SHORTCUT_KINDS.flatMap((kind) => {
    const count = parts.filter(({ shortcut }) => shortcut === kind).length
    return count > 0 ? [`${count} × ${SHORTCUT_TEXT[kind]} (${LINE_TEXT[kind]})`] : []
  })
  if (found.length === 0) return 'No shortcuts: every block passes on its own output alone.'
  return `${found.join(', ')}.`
}
