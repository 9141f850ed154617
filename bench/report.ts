// The benchmark's numbers for people and for programs.
import type { BenchEvent } from './events.ts'
import {
  type CellResult,
  eventsOf,
  type Measured,
  referenceOf,
  type Slowness,
  slownessOf,
  tally,
} from './tally.ts'
import { formatNumber, textTable } from './text-table.ts'

const HEADINGS = ['', 'images/s', 'range', 'ms/step', 'slower', 'by round', 'timed', 'ready after']

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
  const reference = referenceOf(results)
  const rows = results.map((result) =>
    result.outcome === 'failed'
      ? [result.engine, result.reason]
      : [result.engine, ...numbersOf(result, reference && slownessOf(result, reference))],
  )
  return textTable([HEADINGS, ...rows])
}

/** @param slowness null where our engine has no number */
function numbersOf(
  { imagesPerSecond, stepMs, steps, turns, readyMs }: Measured,
  slowness: Slowness | null,
): string[] {
  const { median, low, high } = imagesPerSecond
  return [
    formatNumber(median),
    `${formatNumber(low)} – ${formatNumber(high)}`,
    formatNumber(stepMs),
    slowness ? `${formatNumber(slowness.ratio)}×` : '',
    slowness?.low && slowness.high ? `${formatNumber(slowness.low)} – ${formatNumber(slowness.high)}×` : '',
    `${steps} in ${turns}`,
    `${formatNumber(readyMs / 1000)} s`,
  ]
}

/** What `--json` prints. Rates, `low` and `high` among them, are images a second; failures say why a row is missing. */
export function speedJson(events: readonly BenchEvent[]) {
  const results = tally(events)
  const [machine] = eventsOf(events, 'machine')
  return {
    adapter: machine?.adapter ?? null,
    results: results.flatMap((result) => {
      if (result.outcome === 'failed') return []
      const { network, engine, imagesPerSecond, stepMs } = result
      const reference = referenceOf(results.filter((other) => other.network === network))
      return [
        {
          net: network,
          engine,
          batch: machine?.batch ?? null,
          imagesPerSecond: imagesPerSecond.median,
          msPerStep: stepMs,
          low: imagesPerSecond.low,
          high: imagesPerSecond.high,
          slower: reference && { than: reference.engine, ...slownessOf(result, reference) },
        },
      ]
    }),
    failures: results.flatMap((result) =>
      result.outcome === 'failed'
        ? [{ net: result.network, engine: result.engine, reason: result.reason }]
        : [],
    ),
  }
}
