// A run's series as curves, and what they say at one step.
import { meanCurve } from '../../runs/statistics/mean-curve.ts'
import { type Curve, decimate, lastAtOrBefore, pointsWithin, smooth } from '../../runs/series.ts'
import type { Interval } from './plot/axis.ts'
import {
  type EpochPoint,
  type GroupSeries,
  type LineStyle,
  type Part,
  PARTS,
  type RunSeries,
} from './chart-types.ts'

export const QUANTITIES = ['loss', 'accuracy', 'learningRate'] as const
export type Quantity = (typeof QUANTITIES)[number]

type Curves = Readonly<Record<Quantity, Curve>>

export type RunCurves = {
  readonly series: LineStyle
  /** By step, smoothed; the learning rate as it is. */
  readonly train: Curves
  /** By step, as measured; null where `train` is that, and for a mean over runs. */
  readonly raw: Pick<Curves, 'loss' | 'accuracy'> | null
  /** By the last step of each epoch; empty where no images are set aside, and for the learning rate. */
  readonly validation: Curves
  readonly test: Curves
  readonly epochs: readonly Pick<EpochPoint, 'step' | 'epoch'>[]
}

/** @param smoothing weight of the past, 0 … below 1; a group's runs are smoothed, then their mean is taken */
export function curvesOf(series: RunSeries | GroupSeries, smoothing: number): RunCurves {
  if (!('members' in series)) return { series, ...curvesOfRun(series, smoothing) }
  const members = series.members.map((member) => curvesOfRun(member, smoothing))
  const mean = (part: Part): Curves => ({
    loss: meanCurve(members.map((member) => member[part].loss)),
    accuracy: meanCurve(members.map((member) => member[part].accuracy)),
    learningRate: meanCurve(members.map((member) => member[part].learningRate)),
  })
  const longest = members.toSorted((one, other) => other.epochs.length - one.epochs.length)[0]
  return {
    series,
    train: mean('train'),
    raw: null,
    validation: mean('validation'),
    test: mean('test'),
    epochs: longest?.epochs ?? [],
  }
}

function curvesOfRun({ steps, epochs }: Pick<RunSeries, 'steps' | 'epochs'>, smoothing: number) {
  const x = new Float64Array(steps.loss.length)
  for (let i = 0; i < x.length; i++) x[i] = i + 1
  return {
    raw: smoothing > 0 ? { loss: { x, y: steps.loss }, accuracy: { x, y: steps.accuracy } } : null,
    train: {
      loss: { x, y: smooth(steps.loss, smoothing) },
      accuracy: { x, y: smooth(steps.accuracy, smoothing) },
      learningRate: { x, y: steps.learningRate },
    },
    validation: scoreCurves(epochs, ({ validation }) => validation),
    test: scoreCurves(epochs, ({ test }) => test),
    epochs,
  }
}

/** Of the epochs that have such a score. */
function scoreCurves(
  epochs: readonly EpochPoint[],
  scoreOf: (epoch: EpochPoint) => EpochPoint['validation'],
): Curves {
  const scored = epochs.filter((epoch) => scoreOf(epoch) !== null)
  const x = Float64Array.from(scored, ({ step }) => step)
  const curve = (metric: 'loss' | 'accuracy') => ({
    x,
    y: Float64Array.from(scored, (epoch) => scoreOf(epoch)?.[metric] ?? Number.NaN),
  })
  return {
    loss: curve('loss'),
    accuracy: curve('accuracy'),
    learningRate: { x: new Float64Array(), y: new Float64Array() },
  }
}

/** The last step of any run; 0 before the first. */
export function lastStep(runs: readonly RunCurves[]): number {
  return Math.max(0, ...runs.map(({ train, test }) => train.loss.x.at(-1) ?? test.loss.x.at(-1) ?? 0))
}

/** Whether images were set aside in a run. */
function isValidated({ validation }: RunCurves): boolean {
  return validation.loss.x.length > 0
}

/** In one line of a chart: more points than pixels show nothing more, and a redraw is not to cost more. */
export const MOST_POINTS = 500

export type ChartLine = {
  /** Unique in its chart. */
  readonly key: string
  readonly series: LineStyle
  readonly part: Part
  readonly curve: Curve
  /** As measured, behind its smoothed line. */
  readonly isRaw?: boolean
}

/** What one chart draws: the window's part of each run's curves, each of at most `limit` points. */
export function linesOf(
  runs: readonly RunCurves[],
  quantity: Quantity,
  window: Interval,
  limit: number,
): readonly ChartLine[] {
  const within = (curve: Curve) => decimate(curve, pointsWithin(curve.x, window.low, window.high), limit)
  const raw = runs.flatMap((run, i): ChartLine[] => {
    const curve = quantity === 'learningRate' ? undefined : run.raw?.[quantity]
    return curve
      ? [{ key: `${i}-raw`, series: run.series, part: 'train', curve: within(curve), isRaw: true }]
      : []
  })
  const lines = runs.flatMap((run, i) =>
    PARTS.filter((part) => part !== 'validation' || isValidated(run)).map((part) => {
      const curve = within(run[part][quantity])
      return { key: `${i}-${part}`, series: run.series, part, curve }
    }),
  )
  return [...raw, ...lines]
}

/** A metric at a step. */
export type Metric = {
  /** Where it was measured: that step, or the last before it. */
  readonly step: number
  readonly value: number
  /** Of a mean over runs; null for a run's own metric. `sd` is null for a single run. */
  readonly spread: { readonly sd: number | null; readonly n: number } | null
}

/** What a run's curves say at a step: its newest step there, and its newest finished epoch. */
export type Reading = {
  readonly series: LineStyle
  readonly isValidated: boolean
  /** Each null before the first. */
  readonly train: Readonly<Record<Quantity, Metric>> | null
  readonly validation: Readonly<Record<Quantity, Metric>> | null
  readonly test: Readonly<Record<Quantity, Metric>> | null
  /** That the scores are of. */
  readonly epoch: number | null
}

/** @param step null for the newest */
export function readingAt(run: RunCurves, step: number | null): Reading {
  const at = step ?? Infinity
  return {
    series: run.series,
    isValidated: isValidated(run),
    train: metricsAt(run.train, at),
    validation: metricsAt(run.validation, at),
    test: metricsAt(run.test, at),
    epoch: run.epochs.findLast((epoch) => epoch.step <= at)?.epoch ?? null,
  }
}

function metricsAt(curves: Curves, at: number): Reading['train'] {
  if (lastAtOrBefore(curves.loss.x, at) < 0) return null
  return {
    loss: metricAt(curves.loss, at),
    accuracy: metricAt(curves.accuracy, at),
    learningRate: metricAt(curves.learningRate, at),
  }
}

function metricAt({ x, y, spread }: Curve, at: number): Metric {
  const i = lastAtOrBefore(x, at)
  const sd = spread?.sd[i] ?? Number.NaN
  return {
    step: x[i] ?? 0,
    value: y[i] ?? Number.NaN,
    spread: spread ? { sd: Number.isFinite(sd) ? sd : null, n: spread.n[i] ?? 0 } : null,
  }
}
