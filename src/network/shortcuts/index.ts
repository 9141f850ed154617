// The shortcuts that there are, in the order of the page's menu.
import { z } from 'zod'
import { kindNamed, schemasOf } from '../../base/kinds.ts'
import { avgpoolPad } from './avgpool-pad.ts'
import { conv1x1 } from './conv1x1.ts'
import { conv1x1Bn } from './conv1x1-bn.ts'
import { conv3x3Bn } from './conv3x3-bn.ts'
import type { Shortcut } from './define-shortcut.ts'
import { scaled } from './scaled.ts'
import { subsamplePad } from './subsample-pad.ts'

const LIST = [subsamplePad, avgpoolPad, conv1x1, conv1x1Bn, conv3x3Bn, scaled] as const

export const shortcutSchema = z.discriminatedUnion('kind', schemasOf(LIST))
export type ShortcutConfig = z.infer<typeof shortcutSchema>

export const SHORTCUTS: readonly Shortcut<ShortcutConfig['kind'], ShortcutConfig>[] = LIST

/** What the lab knows of a shortcut's kind. */
export const shortcutKind = ({ kind }: Pick<ShortcutConfig, 'kind'>) => kindNamed(SHORTCUTS, kind)

/** What carries a block's input past it: "identity mappings", "shortcuts scaled by 0.5". */
export function identityText(shortcut: ShortcutConfig): string {
  const kind = shortcutKind(shortcut)
  return ('identityText' in kind && kind.identityText?.(shortcut)) || 'identity mappings'
}

/** Whether it adds zero channels, and so can lead to no fewer. */
export function addsZeroChannels(shortcut: ShortcutConfig): boolean {
  const kind = shortcutKind(shortcut)
  return 'addsZeroChannels' in kind && kind.addsZeroChannels
}
