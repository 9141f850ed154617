// A confusion matrix as a file shows it: names, values where they fit, and what its colours mean.
import { TEXT_STRENGTH, tint } from './colours.ts'
import { levelOf } from './confusion-values.ts'
import type { ConfusionView } from './confusion-view.ts'
import { shadesOf } from './confusion-shades.ts'
import { cellText } from './format-confusion.ts'
import { scaleLevels, scaleUnit } from './scale-levels.ts'
import type { DrawingInk } from '../../drawings/drawing-ink.ts'
import { Drawing } from '../../drawings/drawing.tsx'
import { FONT_SIZE, LINE_HEIGHT, textWidth } from '../../drawings/text-size.ts'

const PAD = 16
const GAP = 8
/** Sizes in CSS pixels: with values in the cells, and without where there are too many classes for them. */
const WITH_FIGURES = { cell: 36, names: FONT_SIZE } as const
const WITHOUT = { cell: 9, names: 7 } as const
const SWATCH = 14
const SCALE_STEP = 64

export type MatrixDrawingProps = {
  readonly view: ConfusionView
  readonly classNames: readonly string[]
  readonly values: boolean
  readonly title: string
  /** Below the title, a line each: whose scores they are. */
  readonly lines: readonly string[]
  readonly ink: DrawingInk
}

export function MatrixDrawing({ view, classNames, values, title, lines, ink }: MatrixDrawingProps) {
  const { cell, names } = values ? WITH_FIGURES : WITHOUT
  const strength = values ? TEXT_STRENGTH : 1
  const gutter = Math.max(...classNames.map((name) => textWidth(name, names))) + GAP
  const side = cell * classNames.length
  const left = PAD + LINE_HEIGHT + gutter
  const headEnd = PAD + LINE_HEIGHT * (1 + lines.length)
  const top = headEnd + LINE_HEIGHT + gutter
  const scaleTop = top + side + GAP
  const width = Math.max(left + side + PAD, ...lines.map((line) => textWidth(line) + 2 * PAD), 560)
  return (
    <Drawing width={width} height={scaleTop + LINE_HEIGHT + PAD} {...{ title, ink }}>
      <text x={PAD} y={PAD + 12} fontSize="14" fontWeight="600">
        {title}
      </text>
      {lines.map((line, row) => (
        <text key={line} x={PAD} y={PAD + 12 + LINE_HEIGHT * (row + 1)} fill={ink.soft}>
          {line}
        </text>
      ))}
      <text x={left} y={headEnd + 12} fill={ink.soft}>
        predicted class →
      </text>
      <text transform={`translate(${PAD + 12},${top + side}) rotate(-90)`} fill={ink.soft}>
        ← true class
      </text>
      <g fontSize={names}>
        {classNames.map((name, at) => {
          const middle = cell * (at + 0.5) + names / 3
          return (
            <g key={name}>
              <text x={left - GAP / 2} y={top + middle} textAnchor="end">
                {name}
              </text>
              <text transform={`translate(${left + middle},${top - GAP / 2}) rotate(-90)`}>{name}</text>
            </g>
          )
        })}
      </g>
      <g transform={`translate(${left},${top})`}>
        {values ? <Cells {...{ view, ink }} size={cell} /> : <Shades {...{ view, ink }} size={cell} />}
        <rect width={side} height={side} fill="none" stroke={ink.axis} />
      </g>
      <Scale {...{ view, strength, ink }} x={PAD} y={scaleTop} />
    </Drawing>
  )
}

type CellsProps = { readonly view: ConfusionView; readonly ink: DrawingInk; readonly size: number }

/** Each with its value. */
function Cells({ view, ink, size }: CellsProps) {
  return view.matrix.map((row, truth) =>
    row.map((value, predicted) => (
      // A cell is its place.
      // oxlint-disable-next-line react/no-array-index-key
      <g key={`${truth}-${predicted}`} transform={`translate(${predicted * size},${truth * size})`}>
        <rect
          width={size}
          height={size}
          fill={tint(levelOf(value, view.largest), view, TEXT_STRENGTH, ink)}
          shapeRendering="crispEdges"
        />
        <text x={size / 2} y={size / 2 + 4} textAnchor="middle">
          {cellText(value, view.unit, view.signed)}
        </text>
      </g>
    )),
  )
}

/** A path a shade: 10,000 elements would hold up the page while they are drawn, and make a file of a megabyte. */
function Shades({ view, ink, size }: CellsProps) {
  return (
    <g transform={`scale(${size})`} shapeRendering="crispEdges">
      {shadesOf(view).map(({ level, path }) => (
        <path key={level} d={path} fill={tint(level, view, 1, ink)} />
      ))}
    </g>
  )
}

function Scale(props: {
  readonly view: ConfusionView
  readonly strength: number
  readonly ink: DrawingInk
  readonly x: number
  readonly y: number
}) {
  const { view, strength, ink, x, y } = props
  const levels = scaleLevels(view)
  const meaning = `${view.signed ? 'left: more in A, right: more in B, in ' : ''}${scaleUnit(view)}`
  return (
    <g transform={`translate(${x},${y})`}>
      {levels.map(({ level, text }, i) => (
        <g key={level} transform={`translate(${i * SCALE_STEP},0)`}>
          <rect
            y="2"
            width={SWATCH}
            height={SWATCH}
            fill={tint(level, view, strength, ink)}
            stroke={ink.axis}
          />
          <text x={SWATCH + GAP / 2} y="13">
            {text}
          </text>
        </g>
      ))}
      <text x={levels.length * SCALE_STEP} y="13" fill={ink.soft}>
        {meaning}
      </text>
    </g>
  )
}
