// One chart: its title, a legend that is also the reading under the cursor, the plot, and the cursor over it.
import { useMemo } from 'react'
import { VisuallyHidden } from 'react-aria-components'
import { SaveDrawing } from '../drawings/save-drawing.tsx'
import { xAxis, yAxis } from './plot/chart-axes.ts'
import { QUANTITY_TEXT, summaryOf } from './chart-text.ts'
import { DrawnPanel, type DrawnPanelProps } from './drawn-panel.tsx'
import { Legend } from './legend.tsx'
import { plain } from './curve-values.ts'
import { PlotOverlay, type CursorActions, type CursorMark } from './plot/plot-overlay.tsx'
import { Plot } from './plot/plot.tsx'
import { linesOf, MOST_POINTS, type Quantity, type Reading } from './run-curves.ts'
import { useWidth } from './use-width.ts'
import styles from './chart-panel.module.css'

type ChartPanelProps = Omit<DrawnPanelProps, 'ink'> & {
  readonly height: number
  readonly cursor: number | null
  readonly actions: CursorActions
  /** For the one chart that has the keyboard's cursor. */
  readonly valueText: string | null
}

export function ChartPanel(props: ChartPanelProps) {
  const { quantity, runs, readings, window, stepsPerEpoch, log, smoothing, height } = props
  const { cursor, actions, valueText } = props
  const { ref, width } = useWidth<HTMLDivElement>()
  const limit = Math.min(MOST_POINTS, Math.max(64, width))
  const lines = useMemo(() => linesOf(runs, quantity, window, limit), [runs, quantity, window, limit])
  const y = useMemo(() => yAxis(lines, quantity, log), [lines, quantity, log])
  const x = useMemo(() => xAxis(window, stepsPerEpoch, width), [window, stepsPerEpoch, width])
  const writeX = useMemo(
    () => (step: number) => plain(stepsPerEpoch === null ? step : step / stepsPerEpoch),
    [stepsPerEpoch],
  )
  const { title, unit, axis } = QUANTITY_TEXT[quantity]
  const stairs = quantity === 'learningRate'

  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.header}>
        <div className={styles.heading}>
          <h4 className={styles.title}>
            {title} {unit && <span className={styles.unit}>{unit}</span>}
          </h4>
          <SaveDrawing
            what={title.toLowerCase()}
            fileName={`residual-lab-${title.toLowerCase().replace(' ', '-')}`}
            drawing={DrawnPanel}
            content={props}
          />
        </div>
        <Legend quantity={quantity} readings={readings} smoothed={smoothing > 0} />
      </header>
      <VisuallyHidden>
        {runs.map((run) => (
          <p key={run.series.run}>{summaryOf(quantity, run)}</p>
        ))}
      </VisuallyHidden>
      <div ref={ref} className={styles.chart} style={{ height }}>
        {width > 0 && (
          <>
            <Plot {...{ lines, x, y, writeX, writeY: axis, stairs, width, height }} />
            <PlotOverlay
              {...{ x, y, width, height, cursor, actions, valueText }}
              marks={marksOf(quantity, readings)}
            />
          </>
        )}
      </div>
    </section>
  )
}

/** Where the readings lie, for the lines that have them. */
function marksOf(quantity: Quantity, readings: readonly Reading[]): readonly CursorMark[] {
  return readings.flatMap(({ series, train, validation, test }) =>
    [train, ...(quantity === 'learningRate' ? [] : [validation, test])]
      .filter((metrics) => metrics !== null)
      .map((metrics) => ({ step: metrics[quantity].step, value: metrics[quantity].value, style: series })),
  )
}
