// A curve as SVG, with its band and its marks: on the page in the theme's ink, in a file in fixed colours.
import type { DrawingInk } from '../../drawings/drawing-ink.ts'
import { bandPath } from './band.ts'
import type { LineStyle, Part } from '../chart-types.ts'
import { marksPath, pointsOf, stairsPath, straightPath } from './line-path.ts'
import type { PlotArea, ScaledAxis } from './plot-geometry.ts'
import type { ChartLine } from '../run-curves.ts'

/** How the lines of each part are drawn: `stroke-width` in CSS pixels, and the dashes of a dashed run's. */
const STROKES = {
  train: { width: 1.25, dashes: '4 2' },
  validation: { width: 1, dashes: '2 2' },
  test: { width: 2, dashes: '6 3' },
} as const
const MARK_WIDTH = 6
const HOLLOW_WIDTH = 3
const BAND_OPACITY = 0.18
const RAW = { width: 0.75, opacity: 0.35 } as const

export type CurveLineProps = {
  readonly line: ChartLine
  readonly x: ScaledAxis
  readonly y: ScaledAxis
  readonly area: PlotArea
  /** Draws the line level from each point to the next. */
  readonly stairs: boolean
  readonly ink: DrawingInk
}

export function CurveLine({ line, x, y, area, stairs, ink }: CurveLineProps) {
  const { series, part, curve, isRaw } = line
  const points = pointsOf(curve, x, y, area)
  if (isRaw) {
    return (
      <path
        d={straightPath(points)}
        fill="none"
        stroke={ink.lines[series.colour]}
        strokeWidth={RAW.width}
        opacity={RAW.opacity}
      />
    )
  }
  return (
    <>
      {curve.spread && (
        <path d={bandPath(curve, x, y, area)} fill={ink.lines[series.colour]} opacity={BAND_OPACITY} />
      )}
      <MarkedPath
        {...{ series, part, ink }}
        d={stairs ? stairsPath(points) : straightPath(points)}
        marks={part === 'train' ? '' : marksPath(points)}
      />
    </>
  )
}

/** A line as a plot draws it, 28 by 10 pixels, for a legend; the text beside it says what it is. */
export function SamplePath(props: {
  readonly series: Pick<LineStyle, 'colour' | 'dashed'>
  readonly part: Part
  readonly ink: DrawingInk
}) {
  return <MarkedPath {...props} d="M1,5H27" marks={props.part === 'train' ? '' : 'M14,5h0'} />
}

/**
 * The marks of evaluations are filled where the images are the test's, hollow where they were set aside. A mark is a
 * segment of no length, which shows its cap alone: a disc, a square where the line is dashed.
 */
function MarkedPath(props: {
  readonly series: Pick<LineStyle, 'colour' | 'dashed'>
  readonly part: Part
  readonly ink: DrawingInk
  readonly d: string
  readonly marks: string
}) {
  const { series, part, ink, d, marks } = props
  const { width, dashes } = STROKES[part]
  const cap = series.dashed ? 'square' : 'round'
  return (
    <g fill="none" stroke={ink.lines[series.colour]} strokeLinejoin="round">
      <path d={d} strokeWidth={width} strokeDasharray={series.dashed ? dashes : undefined} />
      {marks && <path d={marks} strokeWidth={MARK_WIDTH} strokeLinecap={cap} />}
      {marks && part === 'validation' && (
        <path d={marks} stroke={ink.page} strokeWidth={HOLLOW_WIDTH} strokeLinecap={cap} />
      )}
    </g>
  )
}
