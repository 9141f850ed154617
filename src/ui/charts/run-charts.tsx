// The charts of the selected runs: loss, accuracy and learning rate over one shared axis, with one shared cursor.
import { memo, useMemo, useState } from 'react'
import type { Interval } from './plot/axis.ts'
import { lazyPart } from '../foundation/lazy-part.tsx'
import { epochsAt, readingText } from './chart-text.ts'
import type { XAxisUnit } from './chart-toolbar.tsx'
import type { RunChartsProps } from './chart-types.ts'
import { count } from './curve-values.ts'
import { wholeAxis } from './plot/chart-axes.ts'
import { scaledWindow } from './plot/plot-geometry.ts'
import { curvesOf, lastStep, QUANTITIES, type Quantity, readingAt } from './run-curves.ts'
import styles from './run-charts.module.css'

const ChartToolbar = lazyPart(async () => (await import('./chart-toolbar.tsx')).ChartToolbar)
const RunChips = lazyPart(async () => (await import('./run-chips.tsx')).RunChips)
const ChartPanel = lazyPart(async () => (await import('./chart-panel.tsx')).ChartPanel)

/** TensorBoard's. */
const USUAL_SMOOTHING = 0.6

const NONE_HIDDEN: ReadonlySet<string> = new Set()

const SYNTHETIC = 'Measured on synthetic images.'

const HEIGHTS = { loss: 200, accuracy: 200, learningRate: 112 } as const

export const RunCharts = memo(function RunCharts(props: RunChartsProps) {
  const { runs, stepsPerEpoch, plannedSteps, about, synthetic } = props
  const [smoothing, setSmoothing] = useState(USUAL_SMOOTHING)
  const [unit, setUnit] = useState<XAxisUnit>('step')
  const [log, setLog] = useState(false)
  /** Null: everything, also what is still to come. */
  const [chosenWindow, setWindow] = useState<Interval | null>(null)
  const [pointed, setPointed] = useState<{ readonly step: number; readonly quantity: Quantity } | null>(null)
  const cursor = pointed?.step ?? null
  const [hidden, setHidden] = useState<ReadonlySet<string>>(NONE_HIDDEN)
  const [highlighted, setHighlighted] = useState<string | null>(null)
  const [showsAll, setShowsAll] = useState(false)

  const all = useMemo(() => runs.map((series) => curvesOf(series, smoothing)), [runs, smoothing])
  const curves = useMemo(() => all.filter(({ series }) => !hidden.has(series.run)), [all, hidden])
  const last = lastStep(all)
  const { high: end } = wholeAxis(last, plannedSteps)
  const whole = useMemo(() => ({ low: 0, high: end }), [end])
  const window = chosenWindow ?? whole
  const readings = curves.map((run) => readingAt(run, cursor))
  const zoom = (factor: number) =>
    setWindow(scaledWindow(window, cursor ?? (window.low + window.high) / 2, factor, whole))
  const reset = () => {
    setWindow(null)
    setPointed(null)
  }
  const actionsOf = (quantity: Quantity) => ({
    moveTo: (step: number | null) =>
      setPointed(step === null ? null : { step: Math.min(step, last), quantity }),
    showWindow: setWindow,
    zoom,
    reset,
  })

  const notes = useMemo(() => (synthetic ? [about, SYNTHETIC] : [about]), [about, synthetic])

  if (last === 0) return <Empty />
  return (
    <div className={styles.charts}>
      <div className={styles.bar}>
        <ChartToolbar
          {...{ smoothing, unit, log }}
          onSmoothing={setSmoothing}
          onUnit={setUnit}
          onLog={setLog}
          zoomed={chosenWindow !== null}
          onZoom={zoom}
          onReset={reset}
        />
        <Position step={cursor ?? last} newest={cursor === null} stepsPerEpoch={stepsPerEpoch} />
      </div>
      <RunChips
        styles={runs}
        {...{ hidden, highlighted }}
        onHidden={setHidden}
        onHighlighted={setHighlighted}
      />
      <div className={styles.panels}>
        {QUANTITIES.map((quantity, i) => (
          <ChartPanel
            key={quantity}
            {...{ quantity, readings, window, cursor, highlighted, showsAll, smoothing, notes }}
            actions={actionsOf(quantity)}
            isPointedAt={pointed?.quantity === quantity}
            runs={curves}
            stepsPerEpoch={unit === 'epoch' ? stepsPerEpoch : null}
            log={log && quantity !== 'accuracy'}
            height={HEIGHTS[quantity]}
            valueText={i === 0 ? readingText(cursor ?? last, readings, stepsPerEpoch) : null}
            onShowsAll={setShowsAll}
          />
        ))}
      </div>
      {synthetic && <p className={styles.note}>{SYNTHETIC}</p>}
    </div>
  )
})

function Position(props: { step: number; newest: boolean; stepsPerEpoch: number | null }) {
  const { step, newest, stepsPerEpoch } = props
  return (
    <p className={styles.position}>
      Step {count(step)}
      {stepsPerEpoch !== null && ` · epoch ${epochsAt(step, stepsPerEpoch)}`}
      <span className={styles.newest}>{newest ? ' · latest' : ''}</span>
    </p>
  )
}

function Empty() {
  return (
    <div className={styles.empty}>
      <p>Press Train both to see curves here.</p>
      <p>Loss, accuracy and learning rate of all runs, from the first step.</p>
    </div>
  )
}
