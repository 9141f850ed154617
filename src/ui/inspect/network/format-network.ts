import type { Shape } from '../../../network/graph.ts'
import type { Part, Shortcut } from './network-outline.ts'

/** How the diagram draws them. */
const LINE_TEXT: Readonly<Record<Shortcut['kind'], string>> = {
  identity: 'solid',
  resized: 'dashed',
  projection: 'dotted',
}

/** Channels × height × width, as PyTorch says it; a vector by its length alone. */
export const shapeText = ({ channels, height, width }: Shape) =>
  height === 1 && width === 1 ? String(channels) : `${channels} × ${height} × ${width}`

/** "identity shortcut", "shortcut of 3×3 convolution and batch norm" */
export function shortcutText({ steps }: Shortcut): string {
  return steps.length === 0 ? 'identity shortcut' : `shortcut of ${steps.join(' and ')}`
}

/** "image → 3×3 convolution → batch norm → ReLU" */
export const partSteps = ({ layers }: Part) => layers.map(({ text }) => text).join(' → ')

/** What the main paths of blocks are, the first kind first: "9 blocks: 3×3 convolution → batch norm → …" */
export function formatBlocks(blocks: readonly Part[]): string[] {
  return counted(blocks.map(({ steps }) => steps.join(' → '))).map(
    ([text, count]) => `${count} ${count === 1 ? 'block' : 'blocks'}: ${text}`,
  )
}

/** "7 × identity shortcut (solid), 2 × shortcut of stride-2 subsampling and zero-padded channels (dashed)." */
export function formatShortcuts(blocks: readonly Part[]): string {
  const shortcuts = blocks.flatMap(({ shortcut }) => shortcut ?? [])
  if (shortcuts.length === 0) return 'No shortcuts: every block outputs F(x) only.'
  const texts = shortcuts.map((shortcut) => `${shortcutText(shortcut)} (${LINE_TEXT[shortcut.kind]})`)
  return `${counted(texts)
    .map(([text, count]) => `${count} × ${text}`)
    .join(', ')}.`
}

/** Each text once, with how often it is there, in the order of first appearance. */
function counted(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts]
}
