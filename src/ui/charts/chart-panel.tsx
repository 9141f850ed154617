// One chart: its title, the plot, the cursor over it, and what the runs read there.
import { useMemo } from 'react'
import { VisuallyHidden } from 'react-aria-components'
import { SaveDrawing } from '../drawings/save-drawing.tsx'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { aboveAxis, xAxis, yAxis } from './plot/chart-axes.ts'
import { aboveText, QUANTITY_TEXT, summaryOf } from './chart-text.ts'
import { DrawnPanel, type DrawnPanelProps } from './drawn-panel.tsx'
import { Tooltip } from './tooltip.tsx'
import { plain } from './curve-values.ts'
import { PlotOverlay, type CursorActions, type CursorMark } from './plot/plot-overlay.tsx'
import { Plot } from './plot/plot.tsx'
import { linesOf, MOST_POINTS, type Quantity, type Reading } from './run-curves.ts'
import { useWidth } from './use-width.ts'
import styles from './chart-panel.module.css'

type ChartPanelProps = Omit<DrawnPanelProps, 'ink'> & {
  readonly height: number
  readonly cursor: number | null
  /** Whether the cursor was moved over this chart: it says there what it reads. */
  readonly isPointedAt: boolean
  readonly actions: CursorActions
  /** For the one chart that has the keyboard's cursor. */
  readonly valueText: string | null
  /** The run whose lines stand out; null where all are alike. */
  readonly highlighted: string | null
  readonly onShowsAll: (showsAll: boolean) => void
}

export function ChartPanel(props: ChartPanelProps) {
  const { quantity, runs, readings, window, stepsPerEpoch, log, showsAll, smoothing, height } = props
  const { cursor, isPointedAt, actions, valueText, highlighted } = props
  const { ref, width } = useWidth<HTMLDivElement>()
  const limit = Math.min(MOST_POINTS, Math.max(64, width))
  const lines = useMemo(() => linesOf(runs, quantity, window, limit), [runs, quantity, window, limit])
  const y = useMemo(() => yAxis(lines, quantity, { log, showsAll }), [lines, quantity, log, showsAll])
  const above = useMemo(
    () => aboveAxis(lines, showsAll ? yAxis(lines, quantity, { log, showsAll: false }) : y),
    [lines, quantity, log, showsAll, y],
  )
  const x = useMemo(() => xAxis(window, stepsPerEpoch, width), [window, stepsPerEpoch, width])
  const writeX = useMemo(
    () => (step: number) => plain(stepsPerEpoch === null ? step : step / stepsPerEpoch),
    [stepsPerEpoch],
  )
  const { title, unit, axis } = QUANTITY_TEXT[quantity]
  const stairs = quantity === 'learningRate'

  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.heading}>
        <h4 className={styles.title}>
          {title} {unit && <span className={styles.unit}>{unit}</span>}
        </h4>
        <SaveDrawing
          what={title.toLowerCase()}
          fileName={`residual-lab-${title.toLowerCase().replace(' ', '-')}`}
          drawing={DrawnPanel}
          content={props}
        />
        {above && (
          <p className={styles.above}>
            {!showsAll && `▲ ${aboveText(above, quantity)} `}
            <ActionButton onPress={() => props.onShowsAll(!showsAll)}>
              {showsAll ? 'Hide outliers' : 'Show outliers'}
            </ActionButton>
          </p>
        )}
      </header>
      <VisuallyHidden>
        {runs.map((run) => (
          <p key={run.series.run}>{summaryOf(quantity, run)}</p>
        ))}
      </VisuallyHidden>
      <div ref={ref} className={styles.chart} style={{ height }}>
        {width > 0 && (
          <>
            <Plot {...{ lines, x, y, writeX, writeY: axis, stairs, width, height, highlighted }} />
            <PlotOverlay
              {...{ x, y, width, height, cursor, actions, valueText }}
              marks={marksOf(quantity, readings)}
            />
            {isPointedAt && cursor !== null && (
              <Tooltip
                {...{ quantity, readings, cursor, x, width, stepsPerEpoch }}
                smoothed={smoothing > 0}
              />
            )}
          </>
        )}
      </div>
      <p className={styles.xTitle}>{stepsPerEpoch === null ? 'step' : 'epoch'}</p>
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
