// Configs as they were written before some fields were as they are now.
import { z } from 'zod'
import { unitSchema } from './recipe-config.ts'

/** Only cosine schedules could warm up, and held the length. */
const cosineWithWarmup = z.looseObject({
  schedule: z.looseObject({ kind: z.literal('cosine'), unit: unitSchema, warmup: z.int() }),
})

export function withWarmupApart(value: unknown): unknown {
  const older = cosineWithWarmup.safeParse(value)
  if (!older.success) return value
  const { warmup: length, ...schedule } = older.data.schedule
  return {
    ...older.data,
    schedule,
    warmup: length === 0 ? null : { kind: 'linear', unit: schedule.unit, length },
  }
}
