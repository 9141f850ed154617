// What a benchmark's events add up to: for each network and engine the rate of every turn, or why there is none.
import { ENGINES, type EngineName } from './contender.ts'
import type { BenchEvent } from './events.ts'
import { NETWORK_NAMES, type NetworkName } from './networks.ts'
import { type Summary, summarise } from './statistics.ts'

export type CellResult = { readonly network: NetworkName; readonly engine: EngineName } & (
  | Measured
  | { readonly outcome: 'failed'; readonly reason: string }
)

export type Measured = {
  readonly outcome: 'measured'
  /** Compilation and the first step. */
  readonly readyMs: number
  readonly turns: number
  /** Of all turns. */
  readonly steps: number
  /** Over the turns. */
  readonly imagesPerSecond: Summary
  /** Median over the turns. */
  readonly stepMs: number
  /** Of a step, by round. */
  readonly stepMsOfRound: ReadonlyMap<number, number>
}

type Of<Kind extends BenchEvent['kind']> = Extract<BenchEvent, { kind: Kind }>

/** Networks in the order in which they are listed, engines within them; only those that took part. */
export function tally(events: readonly BenchEvent[]): CellResult[] {
  return NETWORK_NAMES.flatMap((network) =>
    ENGINES.flatMap((engine) => {
      const own = events.filter((event) => 'engine' in event && event.engine === engine)
      const result = resultOf(
        own.filter((event) => 'network' in event && event.network === network),
        batchOf(events),
      )
      return result ? [{ network, engine, ...result }] : []
    }),
  )
}

/** How many times longer a step takes than the reference's. */
export type Slowness = {
  /** Of the medians over the turns. */
  readonly ratio: number
  /** Within a round, over the rounds in which both had a turn; null where there is none. */
  readonly low: number | null
  readonly high: number | null
}

export function slownessOf(measured: Measured, reference: Measured): Slowness {
  const ratios = [...measured.stepMsOfRound].flatMap(([round, stepMs]) => {
    const referenceMs = reference.stepMsOfRound.get(round)
    return referenceMs === undefined ? [] : [stepMs / referenceMs]
  })
  const range = ratios.length > 0 ? summarise(ratios) : { low: null, high: null }
  return { ratio: measured.stepMs / reference.stepMs, low: range.low, high: range.high }
}

/** Ours that the others are compared with: the first that took part. @returns null where it has no number */
export function referenceOf(results: readonly CellResult[]): (Measured & { engine: EngineName }) | null {
  const ours = results.find(({ engine }) => engine === 'residual-lab-cpu' || engine === 'residual-lab')
  return ours?.outcome === 'measured' ? ours : null
}

export function eventsOf<Kind extends BenchEvent['kind']>(
  events: readonly BenchEvent[],
  kind: Kind,
): Of<Kind>[] {
  return events.filter((event): event is Of<Kind> => event.kind === kind)
}

function batchOf(events: readonly BenchEvent[]): number {
  return eventsOf(events, 'machine')[0]?.batch ?? 0
}

/** Null where the engine took no part; a benchmark that ended early leaves cells that were ready and had no turn. */
function resultOf(events: readonly BenchEvent[], batch: number) {
  const failure = eventsOf(events, 'failed')[0]
  if (failure) return { outcome: 'failed', reason: failure.reason } as const
  const ready = eventsOf(events, 'ready')[0]
  const turns = eventsOf(events, 'turn')
  if (!ready) return null
  if (turns.length === 0)
    return { outcome: 'failed', reason: 'The benchmark ended before its first turn.' } as const
  const stepMsOfRound = new Map(turns.map(({ round, steps, milliseconds }) => [round, milliseconds / steps]))
  const stepMs = [...stepMsOfRound.values()]
  return {
    outcome: 'measured',
    readyMs: ready.milliseconds,
    turns: turns.length,
    steps: turns.reduce((total, { steps }) => total + steps, 0),
    imagesPerSecond: summarise(stepMs.map((ms) => (1000 * batch) / ms)),
    stepMs: summarise(stepMs).median,
    stepMsOfRound,
  } as const
}
