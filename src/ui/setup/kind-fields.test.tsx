import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { fieldForms, type Fields } from '../../base/kind-fields.ts'
import { defaultSchedule } from '../../config/schedule.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { OPTIMISERS } from '../../optimisers/index.ts'
import { PRESETS } from '../../presets/presets.ts'
import { runLength } from '../../runs/run-length.ts'
import { SCHEDULES } from '../../schedules/index.ts'
import { WARMUPS } from '../../schedules/warmups/index.ts'
import { OptimiserPanel } from './optimiser-panel.tsx'
import { SchedulePanel } from './schedule/schedule-panel.tsx'

function firstConfig(): RunConfig {
  const [preset] = PRESETS
  if (!preset) throw new Error('there is no preset')
  return preset.config
}
const SETUP = firstConfig()
const edit = () => undefined

/** The labels of a kind's fields, as they are for these values. */
const labelsOf = (fields: Fields, values: Readonly<Record<string, unknown>>) =>
  fieldForms(fields).map(([, { label }]) =>
    typeof label === 'string' ? label : label({ values, isValidated: false }),
  )

test.each(OPTIMISERS.map((optimiser) => [optimiser.label, optimiser] as const))(
  'the form of %s has a labelled control for each of its fields',
  (label, { defaults, fields }) => {
    const page = renderToStaticMarkup(
      <OptimiserPanel setup={{ ...SETUP, optimiser: defaults }} edit={edit} />,
    )
    for (const text of [label, ...labelsOf(fields, defaults)]) expect(page).toContain(text)
  },
)

test.each(SCHEDULES.map((schedule) => [schedule.label, schedule] as const))(
  'the form of the schedule %s has a labelled control for each of its fields',
  (label, { kind, fields }) => {
    const schedule = defaultSchedule(kind, SETUP, runLength(SETUP))
    const page = renderToStaticMarkup(<SchedulePanel setup={{ ...SETUP, schedule }} edit={edit} />)
    for (const text of [label, ...labelsOf(fields, schedule)]) expect(page).toContain(text)
  },
)

test.each(WARMUPS.map((warmup) => [warmup.label, warmup] as const))(
  'the form of the warm-up %s has a labelled control for each of its fields',
  (label, { defaults, fields }) => {
    const page = renderToStaticMarkup(<SchedulePanel setup={{ ...SETUP, warmup: defaults }} edit={edit} />)
    for (const text of [label, ...labelsOf(fields, defaults)]) expect(page).toContain(text)
  },
)
