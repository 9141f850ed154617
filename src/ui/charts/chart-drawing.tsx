// A chart as a file shows it: complete in itself, with its legend, its units and what its metrics are of.
import type { LineStyle, Part } from './chart-types.ts'
import { CurveLine, SamplePath } from './plot/curve-line.tsx'
import { fractionOf, MARGIN, plotArea } from './plot/plot-geometry.ts'
import type { PlotProps } from './plot/plot.tsx'
import { Drawing } from '../drawings/drawing.tsx'
import type { DrawingInk } from '../drawings/drawing-ink.ts'
import { LINE_HEIGHT, textWidth, wrapped } from '../drawings/text-size.ts'

/** Of the plot with its axes, in CSS pixels. */
export const CHART_WIDTH = 720
const CHART_HEIGHT = 320

/** A run and what its lines say, part by part. */
export type LegendRow = {
  readonly series: LineStyle
  readonly metrics: Readonly<Partial<Record<Part, string>>>
}

export type ChartDrawingProps = Omit<PlotProps, 'width' | 'height'> & {
  readonly title: string
  /** What the axes count: "cross-entropy, nats" and "steps". */
  readonly unit: string
  readonly xUnit: string
  /** The parts that are drawn, and their names in the legend. */
  readonly parts: readonly { readonly part: Part; readonly text: string }[]
  readonly legend: readonly LegendRow[]
  /** Below the chart. */
  readonly notes: readonly string[]
  readonly ink: DrawingInk
}

const PAD = 16
const SAMPLE_WIDTH = 28
const GAP = 8
const FIRST_BASELINE = PAD + 14

export function ChartDrawing(props: ChartDrawingProps) {
  const { title, unit, legend, parts, ink } = props
  const columns = columnsOf(parts, legend)
  const names = (columns.at(-1)?.end ?? PAD) + GAP
  const width = Math.max(CHART_WIDTH, names) + 2 * PAD
  const fits = ({ label, description }: LineStyle) =>
    names + textWidth(`${label} ${description}`) <= width - PAD
  // A description too long for the legend is told below, in full.
  const long = legend.filter(({ series }) => !fits(series))
  const notes = [
    ...long.map(({ series }) => `${series.label}: ${series.description}.`),
    ...props.notes,
  ].flatMap((note) => wrapped(note, CHART_WIDTH))
  const legendTop = FIRST_BASELINE + LINE_HEIGHT + GAP
  const plotTop = legendTop + LINE_HEIGHT * legend.length + GAP
  const notesTop = plotTop + CHART_HEIGHT + 2 * LINE_HEIGHT
  return (
    <Drawing width={width} height={notesTop + LINE_HEIGHT * (notes.length - 1) + PAD} ink={ink} title={title}>
      <text x={PAD} y={FIRST_BASELINE} fontSize="14">
        <tspan fontWeight="600">{title}</tspan>
        {unit && <tspan fill={ink.soft}> {unit}</tspan>}
      </text>
      {columns.map(({ part, text, start }) => (
        <text key={part} x={start} y={FIRST_BASELINE + LINE_HEIGHT} fill={ink.soft}>
          {text}
        </text>
      ))}
      {legend.map(({ series, metrics }, row) => (
        <g key={series.run} transform={`translate(0,${legendTop + LINE_HEIGHT * row})`}>
          {columns.map(({ part, start }) => (
            <g key={part} transform={`translate(${start},0)`}>
              <g transform="translate(0,3)">
                <SamplePath {...{ series, part, ink }} />
              </g>
              <text x={SAMPLE_WIDTH + GAP} y="12">
                {metrics[part]}
              </text>
            </g>
          ))}
          <text x={names} y="12">
            <tspan fontWeight="600">{series.label}</tspan> {fits(series) && series.description}
          </text>
        </g>
      ))}
      <g transform={`translate(${PAD},${plotTop})`}>
        <DrawnPlot {...props} />
      </g>
      {notes.map((note, row) => (
        // A note's line is its place.
        // oxlint-disable-next-line react/no-array-index-key
        <text key={row} x={PAD} y={notesTop + LINE_HEIGHT * row} fill={ink.soft}>
          {note}
        </text>
      ))}
    </Drawing>
  )
}

/** Where each part's column of the legend stands: as wide as its widest text. */
function columnsOf(parts: ChartDrawingProps['parts'], legend: readonly LegendRow[]) {
  let start = PAD
  return parts.map(({ part, text }) => {
    const widest = Math.max(...legend.map(({ metrics }) => textWidth(metrics[part] ?? '')), 0)
    const column = { part, text, start, end: start + Math.max(SAMPLE_WIDTH + GAP + widest, textWidth(text)) }
    start = column.end + 2 * GAP
    return column
  })
}

function DrawnPlot({ lines, x, y, writeX, writeY, stairs, xUnit, ink }: ChartDrawingProps) {
  const area = plotArea(CHART_WIDTH, CHART_HEIGHT)
  const clip = 'plot-area'
  return (
    <g transform={`translate(${MARGIN.left},${MARGIN.top})`}>
      <clipPath id={clip}>
        <rect x="-4" y="-4" width={area.width + 8} height={area.height + 8} />
      </clipPath>
      {y.ticks.map((tick) => {
        const at = (1 - fractionOf(tick, y)) * area.height
        return (
          <g key={tick}>
            <path d={`M0,${at.toFixed(1)}H${area.width}`} stroke={ink.rule} />
            <text x="-8" y={at + 4} textAnchor="end" fill={ink.soft}>
              {writeY(tick)}
            </text>
          </g>
        )
      })}
      <path d={`M0,0V${area.height}H${area.width}`} fill="none" stroke={ink.axis} />
      {x.ticks.map((tick) => {
        const at = fractionOf(tick, x) * area.width
        return (
          <g key={tick}>
            <path d={`M${at.toFixed(1)},${area.height}v5`} stroke={ink.axis} />
            <text x={at} y={area.height + 18} textAnchor="middle" fill={ink.soft}>
              {writeX(tick)}
            </text>
          </g>
        )
      })}
      <text x={area.width / 2} y={area.height + 18 + LINE_HEIGHT} textAnchor="middle" fill={ink.soft}>
        {xUnit}
      </text>
      <g clipPath={`url(#${clip})`}>
        {lines.map((line) => (
          <CurveLine key={line.key} {...{ line, x, y, area, stairs, ink }} />
        ))}
      </g>
    </g>
  )
}
