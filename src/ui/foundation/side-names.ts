import type { Side } from '../../runs/pair.ts'

/** What the page calls the two sides of the experiment. */
export const SIDE_NAMES: Readonly<Record<Side, { readonly letter: string; readonly description: string }>> = {
  a: { letter: 'A', description: 'with identity' },
  b: { letter: 'B', description: 'without identity' },
}
