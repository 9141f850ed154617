// The warm-ups, in the order of the menus. Everything else that knows their names follows from this list.
import { z } from 'zod'
import { kindNamed, schemasOf } from '../../base/kinds.ts'
import { constant } from './constant.ts'
import { linear } from './linear.ts'
import { untilTrainingError } from './until-training-error.ts'
import type { Warmup } from './warmup.ts'

const LIST = [linear, constant, untilTrainingError] as const

export const warmupConfigSchema = z.discriminatedUnion('kind', schemasOf(LIST))
export type WarmupConfig = z.infer<typeof warmupConfigSchema>
type WarmupKind = WarmupConfig['kind']

export const WARMUPS: readonly Warmup<WarmupKind, WarmupConfig>[] = LIST

export const warmupOf = (kind: WarmupKind) => kindNamed(WARMUPS, kind)
