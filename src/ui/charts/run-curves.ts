// A run's series as curves, and what they say at one step.
import { decimate, lastAtOrBefore, pointsWithin, smooth, type Curve } from '../../runs/series.ts'
import type { Interval } from './axis.ts'
import { type EpochPoint, type Part, PARTS, type RunSeries } from './chart-types.ts'

export const QUANTITIES = ['loss', 'accuracy', 'learningRate'] as const
export type Quantity = (typeof QUANTITIES)[number]

export type RunCurves = {
  readonly series: RunSeries
  /** By step, smoothed; the learning rate as it is. */
  readonly train: Readonly<Record<Quantity, Curve>>
  /** By the last step of each epoch; empty where no images are set aside, and for the learning rate. */
  readonly validation: Readonly<Record<Quantity, Curve>>
  readonly test: Readonly<Record<Quantity, Curve>>
}

/** @param smoothing weight of the past, 0 … below 1 */
export function curvesOf(series: RunSeries, smoothing: number): RunCurves {
  const { points, epochs } = series
  const steps = column(points, ({ step }) => step)
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
    validation: scoreCurves(epochs, ({ validation }) => validation),
    test: scoreCurves(epochs, ({ test }) => test),
  }
}

/** Of the epochs that have such a score. */
function scoreCurves(
  epochs: readonly EpochPoint[],
  scoreOf: (epoch: EpochPoint) => EpochPoint['validation'],
): Readonly<Record<Quantity, Curve>> {
  const scored = epochs.filter((epoch) => scoreOf(epoch) !== null)
  const x = column(scored, ({ step }) => step)
  const curve = (figure: 'loss' | 'accuracy') => ({
    x,
    y: column(scored, (epoch) => scoreOf(epoch)?.[figure] ?? Number.NaN),
  })
  return {
    loss: curve('loss'),
    accuracy: curve('accuracy'),
    learningRate: { x: new Float64Array(), y: new Float64Array() },
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

/** Whether images were set aside in a run. */
export function isValidated({ epochs }: RunSeries): boolean {
  return epochs.some(({ validation }) => validation !== null)
}

export type ChartLine = {
  /** Unique in its chart. */
  readonly key: string
  readonly series: RunSeries
  readonly part: Part
  readonly curve: Curve
}

/** What one chart draws: the window's part of each run's curves, each of at most `limit` points. */
export function linesOf(
  runs: readonly RunCurves[],
  quantity: Quantity,
  window: Interval,
  limit: number,
): readonly ChartLine[] {
  return runs.flatMap((run, i) =>
    PARTS.filter((part) => part !== 'validation' || isValidated(run.series)).map((part) => {
      const curve = run[part][quantity]
      return {
        key: `${i}-${part}`,
        series: run.series,
        part,
        curve: decimate(curve, pointsWithin(curve.x, window.low, window.high), limit),
      }
    }),
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
