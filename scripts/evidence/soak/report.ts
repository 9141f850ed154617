// The slope of each thing that was sampled, with its interval.
import { markdownTable } from '../../../src/runs/markdown-table.ts'
import { criticalT } from '../../../src/runs/statistics/statistics.ts'
import type { Sample } from './samples.ts'

/** The browser fills its caches, the page draws its first charts. */
const WARM_UP_SHARE = 0.2
/** Neighbouring samples are alike, and no independent ones: the means of blocks nearly are. */
const MOST_BLOCKS = 20
const LEAST_BLOCKS = 3
/** Outside a 95 % interval. */
const OUTSIDE = 0.05
const HOUR_SECONDS = 3600

type Point = { readonly hours: number; readonly value: number }

type Slope = { readonly perHour: number; readonly margin: number; readonly correlation: number }

/** Ordinary least squares over the means of blocks; null for fewer blocks than three. */
export function slopeOf(points: readonly Point[]): Slope | null {
  const blocks = blockMeans(points)
  if (blocks.length < LEAST_BLOCKS) return null
  const mean = meanPoint(blocks)
  let xx = 0
  let xy = 0
  for (const { hours, value } of blocks) {
    xx += (hours - mean.hours) ** 2
    xy += (hours - mean.hours) * (value - mean.value)
  }
  const perHour = xy / xx
  const residuals = blocks.map(({ hours, value }) => value - mean.value - perHour * (hours - mean.hours))
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0)
  const degrees = blocks.length - 2
  const margin = criticalT(degrees, OUTSIDE) * Math.sqrt(squares / degrees / xx)
  const products = residuals.slice(1).reduce((sum, residual, i) => sum + residual * (residuals[i] ?? 0), 0)
  return { perHour, margin, correlation: squares === 0 ? 0 : products / squares }
}

function blockMeans(points: readonly Point[]): Point[] {
  const count = Math.min(MOST_BLOCKS, Math.floor(points.length / 2))
  return Array.from({ length: count }, (_, i) =>
    meanPoint(
      points.slice(Math.floor((i * points.length) / count), Math.floor(((i + 1) * points.length) / count)),
    ),
  )
}

function meanPoint(points: readonly Point[]): Point {
  const sum = (part: (point: Point) => number) => points.reduce((total, point) => total + part(point), 0)
  return {
    hours: sum(({ hours }) => hours) / points.length,
    value: sum(({ value }) => value) / points.length,
  }
}

/** A table in Markdown of all that was sampled. */
export function reportOf(samples: readonly Sample[]): string {
  const last = samples.at(-1)
  if (!last) return 'No sample.\n'
  const counted = samples.filter(({ seconds }) => seconds >= WARM_UP_SHARE * last.seconds)
  const rows = Object.keys(last.values).map((name) => {
    const isBytes = name.endsWith('Bytes')
    const scale = isBytes ? 1e-6 : 1
    const points = counted.flatMap(({ seconds, values }) => {
      const value = values[name]
      return value === undefined ? [] : [{ hours: seconds / HOUR_SECONDS, value: value * scale }]
    })
    const slope = slopeOf(points)
    const shown = (value: number) => value.toFixed(isBytes ? 2 : 1)
    return [
      isBytes ? `${name.slice(0, -'Bytes'.length)}, MB` : name,
      shown(points[0]?.value ?? Number.NaN),
      shown(points.at(-1)?.value ?? Number.NaN),
      shown(Math.max(...points.map(({ value }) => value))),
      slope ? `${shown(slope.perHour)} ± ${shown(slope.margin)}` : '',
      slope ? slope.correlation.toFixed(2) : '',
    ]
  })
  const headings = [
    '',
    'after warm-up',
    'at the end',
    'highest',
    'slope an hour ± 95 %',
    'correlation of neighbours',
  ]
  return (
    `${(last.seconds / HOUR_SECONDS).toFixed(2)} h, ${last.sessions} sessions, ${samples.length} samples, of which ` +
    `${counted.length} after warm-up; slopes over the means of up to ${MOST_BLOCKS} blocks.\n\n${markdownTable(headings, rows)}`
  )
}
