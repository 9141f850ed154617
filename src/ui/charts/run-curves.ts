// A run's series as curves, and what they say at one step.
import { decimate, lastAtOrBefore, pointsWithin, smooth, type Curve } from '../../runs/series.ts'
import type { Interval } from './axis.ts'
import type { EpochPoint, RunSeries } from './chart-types.ts'

export const QUANTITIES = ['loss', 'accuracy', 'learningRate'] as const
export type Quantity = (typeof QUANTITIES)[number]

export type RunCurves = {
  readonly series: RunSeries
  /** By step, smoothed; the learning rate as it is. */
  readonly train: Readonly<Record<Quantity, Curve>>
  /** By the last step of each epoch. The learning rate has none: an empty curve. */
  readonly test: Readonly<Record<Quantity, Curve>>
}

/** @param smoothing weight of the past, 0 … below 1 */
export function curvesOf(series: RunSeries, smoothing: number): RunCurves {
  const { points, epochs } = series
  const steps = column(points, ({ step }) => step)
  const ends = column(epochs, ({ step }) => step)
  return {
    series,
    train: {
      loss: {
        x: steps,
        y: smooth(
          column(points, ({ loss }) => loss),
          smoothing,
        ),
      },
      accuracy: {
        x: steps,
        y: smooth(
          column(points, ({ accuracy }) => accuracy),
          smoothing,
        ),
      },
      learningRate: { x: steps, y: column(points, ({ learningRate }) => learningRate) },
    },
    test: {
      loss: { x: ends, y: column(epochs, ({ test }) => test.loss) },
      accuracy: { x: ends, y: column(epochs, ({ test }) => test.accuracy) },
      learningRate: { x: new Float64Array(), y: new Float64Array() },
    },
  }
}

/** One figure of each row. A loop: over 64,000 points it is several times as fast as `Float64Array.from`. */
function column<Row>(rows: readonly Row[], figure: (row: Row) => number): Float64Array {
  const values = new Float64Array(rows.length)
  let i = 0
  for (const row of rows) values[i++] = figure(row)
  return values
}

/** The last step of any run; 0 before the first. */
export function lastStep(runs: readonly RunSeries[]): number {
  return Math.max(0, ...runs.map(({ points, epochs }) => points.at(-1)?.step ?? epochs.at(-1)?.step ?? 0))
}

export type ChartLine = {
  /** Unique in its chart. */
  readonly key: string
  readonly series: RunSeries
  readonly part: 'train' | 'test'
  readonly curve: Curve
}

/** What one chart draws: the window's part of each run's two curves, each of at most `limit` points. */
export function linesOf(
  runs: readonly RunCurves[],
  quantity: Quantity,
  window: Interval,
  limit: number,
): readonly ChartLine[] {
  return runs.flatMap(({ series, train, test }, i) =>
    [
      { part: 'train' as const, curve: train[quantity] },
      { part: 'test' as const, curve: test[quantity] },
    ].map(({ part, curve }) => ({
      key: `${i}-${part}`,
      series,
      part,
      curve: decimate(curve, pointsWithin(curve.x, window.low, window.high), limit),
    })),
  )
}

/** What a run's curves say at a step: its newest step there, and its newest finished epoch. */
export type Reading = {
  readonly series: RunSeries
  /** Null before the run's first step. */
  readonly train: ({ readonly step: number } & Readonly<Record<Quantity, number>>) | null
  readonly epoch: EpochPoint | null
}

/** @param step null for the newest */
export function readingAt({ series, train }: RunCurves, step: number | null): Reading {
  const at = step ?? Infinity
  const i = lastAtOrBefore(train.loss.x, at)
  const point = series.points[i]
  return {
    series,
    train: point
      ? {
          step: point.step,
          loss: train.loss.y[i] ?? point.loss,
          accuracy: train.accuracy.y[i] ?? point.accuracy,
          learningRate: point.learningRate,
        }
      : null,
    epoch: series.epochs.findLast((epoch) => epoch.step <= at) ?? null,
  }
}
