// The drawn part of a chart. It knows no pointer: that is the overlay's, so that a moving cursor redraws no line.
// The frame draws axes and grid, anew only when they change; the lines are paths of our own over them, because an update
// of two runs through recharts, axes or lines, is a task of about 100 ms on a slow machine (docs/decisions.md).
import { memo } from 'react'
import { THEME_INK } from '../../drawings/drawing-ink.ts'
import { CurveLine } from './curve-line.tsx'
import { lazyPart } from '../../foundation/lazy-part.tsx'
import { MARGIN, plotArea, type PlotArea } from './plot-geometry.ts'
import type { ChartLine } from '../run-curves.ts'
import type { FrameProps } from './plot-frame.tsx'
import styles from './plot.module.css'

export type PlotProps = FrameProps & {
  readonly lines: readonly ChartLine[]
  /** Draws lines level from each point to the next. */
  readonly stairs: boolean
  /** The run whose lines stand out; null where all are alike. */
  readonly highlighted?: string | null
}

/** Fetched apart: recharts is as large as the page without it. The lines do not wait for it. */
const Frame = lazyPart(async () => (await import('./plot-frame.tsx')).PlotFrame)

export const Plot = memo(function Plot(props: PlotProps) {
  const { lines, x, y, stairs, width, height, highlighted = null } = props
  const area = plotArea(width, height)
  return (
    <div className={styles.plot} style={{ width, height }} aria-hidden="true">
      <Frame {...props} />
      {/* Clips what lies outside the window, and leaves room for a mark on its edge. */}
      <svg
        className={styles.lines}
        style={{ left: MARGIN.left - EDGE, top: MARGIN.top - EDGE }}
        {...frameAround(area)}
      >
        {lines.map((line) => (
          <g key={line.key} opacity={highlighted === null || highlighted === line.series.run ? 1 : FADED}>
            <CurveLine {...{ line, x, y, area, stairs }} ink={THEME_INK} />
          </g>
        ))}
      </svg>
    </div>
  )
})

const EDGE = 4
const FADED = 0.2

function frameAround(area: PlotArea) {
  const width = area.width + 2 * EDGE
  const height = area.height + 2 * EDGE
  return { width, height, viewBox: `${-EDGE} ${-EDGE} ${width} ${height}` }
}
