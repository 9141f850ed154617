// The schedules, in the order of the menus. Everything else that knows their names follows from this list.
import { z } from 'zod'
import { kindNamed, schemasOf } from '../base/kinds.ts'
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import { exponential } from './exponential.ts'
import { oneCycle } from './one-cycle.ts'
import { plateau } from './plateau.ts'
import type { Schedule } from './schedule.ts'
import { step } from './step.ts'

const LIST = [constant, step, exponential, cosine, oneCycle, plateau] as const

export const scheduleConfigSchema = z.discriminatedUnion('kind', schemasOf(LIST))
export type ScheduleConfig = z.infer<typeof scheduleConfigSchema>
type ScheduleKind = ScheduleConfig['kind']

export const SCHEDULES: readonly Schedule<ScheduleKind, ScheduleConfig>[] = LIST
export const SCHEDULE_KINDS = SCHEDULES.map(({ kind }) => kind)

export const scheduleOf = (kind: ScheduleKind) => kindNamed(SCHEDULES, kind)
