import { expect, test } from 'vitest'
import { OPTIMISERS } from '../../optimisers/index.ts'
import { SCHEDULES } from '../../schedules/index.ts'
import { WARMUPS } from '../../schedules/warmups/index.ts'
import { USAGE } from './usage.ts'

test('the usage names every optimiser, schedule and warm-up with its fields', () => {
  const parts = { optimiser: OPTIMISERS, schedule: SCHEDULES, warmup: WARMUPS }
  for (const [part, kinds] of Object.entries(parts)) {
    for (const { kind, fields } of kinds) {
      const line = USAGE.split('\n').find((text) => text.startsWith(`    ${part} ${kind}: `))
      const named = Array.from(line?.matchAll(/ (\w+)=/g) ?? [], ([, name]) => name)
      expect(named).toEqual(Object.keys(fields))
    }
  }
})
