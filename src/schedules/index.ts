// The schedules, in the order of the menus. Everything else that knows their names follows from this list.
import { z } from 'zod'
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'
import { exponential } from './exponential.ts'
import { oneCycle } from './one-cycle.ts'
import { plateau } from './plateau.ts'
import type { Schedule } from './schedule.ts'
import { step } from './step.ts'

const LIST = [constant, step, exponential, cosine, oneCycle, plateau] as const

const [first, ...others] = LIST
export const scheduleConfigSchema = z.discriminatedUnion('kind', [
  first.schema,
  ...others.map(({ schema }) => schema),
])
export type ScheduleConfig = z.infer<typeof scheduleConfigSchema>
type ScheduleKind = ScheduleConfig['kind']

export const SCHEDULES: readonly (Schedule<ScheduleConfig> & { readonly kind: ScheduleKind })[] = LIST
export const SCHEDULE_KINDS = SCHEDULES.map(({ kind }) => kind)

export function scheduleOf(kind: ScheduleKind) {
  const found = SCHEDULES.find((schedule) => schedule.kind === kind)
  if (!found) throw new Error(`no schedule is called ${kind}`)
  return found
}
