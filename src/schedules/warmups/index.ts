// The warm-ups, in the order of the menus. Everything else that knows their names follows from this list.
import { z } from 'zod'
import { linear } from './linear.ts'
import { untilTrainingError } from './until-training-error.ts'
import type { Warmup } from './warmup.ts'

const LIST = [linear, untilTrainingError] as const

const [first, ...others] = LIST
export const warmupConfigSchema = z.discriminatedUnion('kind', [
  first.schema,
  ...others.map(({ schema }) => schema),
])
export type WarmupConfig = z.infer<typeof warmupConfigSchema>
type WarmupKind = WarmupConfig['kind']

export const WARMUPS: readonly (Warmup<WarmupConfig> & { readonly kind: WarmupKind })[] = LIST

export function warmupOf(kind: WarmupKind) {
  const found = WARMUPS.find((warmup) => warmup.kind === kind)
  if (!found) throw new Error(`no warm-up is called ${kind}`)
  return found
}
