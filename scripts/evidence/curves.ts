// The accuracy curves of docs/results.md: for each preset among the run folders of learning.ts, one SVG of the runs with
// identity mappings and without, drawn as the page saves its charts; over several seeds, means with their bands.
// Run: npx tsx --tsconfig tsconfig.ui.json scripts/evidence/curves.ts RUNS docs/results
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { z } from 'zod'
import { runConfigSchema } from '../../src/config/run-config.ts'
import { aboutRuns } from '../../src/runs/about-runs.ts'
import { groupsOf } from '../../src/runs/run-groups.ts'
import { runLength } from '../../src/runs/run-length.ts'
import type { GroupSeries, RunSeries } from '../../src/ui/charts/chart-types.ts'
import { DrawnPanel } from '../../src/ui/charts/drawn-panel.tsx'
import { curvesOf, lastStep, readingAt } from '../../src/ui/charts/run-curves.ts'
import { lightInk } from './light-ink.ts'

const SMOOTHING = 0.95

const score = z.object({ loss: z.number(), accuracy: z.number() })
const metricsSchema = z.object({
  config: runConfigSchema,
  trainLoss: z.array(z.number()),
  trainAccuracy: z.array(z.number()),
  epochs: z.array(z.object({ epoch: z.number(), step: z.number(), train: score.nullable(), test: score })),
})
type Metrics = z.infer<typeof metricsSchema>

const [runs, out] = process.argv.slice(2)
if (runs === undefined || out === undefined) throw new Error('give the folder of runs, and one for the SVGs')
const ink = lightInk(await readFile('src/ui/theme/theme.css', 'utf8'))
const all = await Promise.all(
  (await readdir(runs)).map(async (name) =>
    metricsSchema.parse(JSON.parse(await readFile(join(runs, name, 'metrics.json'), 'utf8'))),
  ),
)
await mkdir(out, { recursive: true })
for (const members of groupsOf(all, (one, other) => one.config.preset === other.config.preset)) {
  await writeFile(join(out, `${members[0]?.config.preset}.svg`), `${drawingOf(members)}\n`)
}

function drawingOf(members: readonly Metrics[]): string {
  const sides = [true, false].map((identity) =>
    members.filter(({ config }) => config.network.identity === identity),
  )
  const curves = sides.map((side, i) => seriesOf(side, i === 0)).map((series) => curvesOf(series, SMOOTHING))
  const [first] = members
  return renderToStaticMarkup(
    createElement(DrawnPanel, {
      quantity: 'accuracy',
      log: false,
      showsAll: false,
      runs: curves,
      readings: curves.map((run) => readingAt(run, null)),
      window: { low: 0, high: Math.max(1, lastStep(curves)) },
      stepsPerEpoch: first ? runLength(first.config).stepsPerEpoch : null,
      smoothing: SMOOTHING,
      notes: [aboutRuns(members.map(({ config }) => config))],
      ink,
    }),
  )
}

function seriesOf(side: readonly Metrics[], identity: boolean): RunSeries | GroupSeries {
  const style = {
    run: String(identity),
    label: identity ? 'A' : 'B',
    description: identity ? 'with identity' : 'without identity',
    colour: identity ? 'a' : 'b',
    dashed: !identity,
  } as const
  const members = side.map(({ trainLoss, trainAccuracy, epochs }) => ({
    steps: {
      loss: Float64Array.from(trainLoss),
      accuracy: Float64Array.from(trainAccuracy),
      learningRate: new Float64Array(trainLoss.length),
    },
    epochs: epochs.map((epoch) => ({ ...epoch, validation: null })),
  }))
  const [only] = members
  return only && members.length === 1 ? { ...style, ...only } : { ...style, members }
}
