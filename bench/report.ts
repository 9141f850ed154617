// The benchmark's figures for people and for programs.
import type { BenchEvent } from './events.ts'
import { type CellResult, eventsOf, type Measured, tally } from './tally.ts'
import { figure, textTable } from './text-table.ts'

const HEADINGS = ['', 'images/s', 'range', 'ms/step', 'slower', 'timed', 'ready after']

/** A table for each network. */
export function speedReport(events: readonly BenchEvent[]): string {
  const results = tally(events)
  const batch = eventsOf(events, 'machine')[0]?.batch
  return [...new Set(results.map(({ network }) => network))]
    .map((network) => {
      const rows = results.filter((result) => result.network === network)
      return `${network}, batch ${batch}\n${networkTable(rows)}`
    })
    .join('\n\n')
}

function networkTable(results: readonly CellResult[]): string {
  const ours = results.find(({ engine }) => engine === 'residual-lab')
  const rows = results.map((result) =>
    result.outcome === 'failed'
      ? [result.engine, result.reason]
      : [result.engine, ...figuresOf(result, ours?.outcome === 'measured' ? ours.stepMs : null)],
  )
  return textTable([HEADINGS, ...rows])
}

/** @param ourStepMs null where our engine has no figure */
function figuresOf(
  { imagesPerSecond, stepMs, steps, turns, readyMs }: Measured,
  ourStepMs: number | null,
): string[] {
  const { median, low, high } = imagesPerSecond
  return [
    figure(median),
    `${figure(low)} – ${figure(high)}`,
    figure(stepMs),
    ourStepMs === null ? '' : `${figure(stepMs / ourStepMs)}×`,
    `${steps} in ${turns}`,
    `${figure(readyMs / 1000)} s`,
  ]
}

/** What `--json` prints. Rates, `low` and `high` among them, are images a second; failures say why a row is missing. */
export function speedJson(events: readonly BenchEvent[]) {
  const results = tally(events)
  const [machine] = eventsOf(events, 'machine')
  return {
    adapter: machine?.adapter ?? null,
    results: results.flatMap((result) =>
      result.outcome === 'measured'
        ? [
            {
              net: result.network,
              engine: result.engine,
              batch: machine?.batch ?? null,
              imagesPerSecond: result.imagesPerSecond.median,
              msPerStep: result.stepMs,
              low: result.imagesPerSecond.low,
              high: result.imagesPerSecond.high,
            },
          ]
        : [],
    ),
    failures: results.flatMap((result) =>
      result.outcome === 'failed'
        ? [{ net: result.network, engine: result.engine, reason: result.reason }]
        : [],
    ),
  }
}
