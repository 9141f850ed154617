// What lies over a plot: the cursor that all charts share, marks where it meets the lines, and the window being dragged.
import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Interval } from './axis.ts'
import type { LineStyle } from '../chart-types.ts'
import { fractionOf, MARGIN, plotArea, stepAt, windowFrom, type ScaledAxis } from './plot-geometry.ts'
import styles from './plot-overlay.module.css'

export type CursorMark = {
  readonly step: number
  readonly value: number
  readonly style: Pick<LineStyle, 'colour' | 'dashed'>
}

/** What the cursor can be told, by pointer or by key. */
export type CursorActions = {
  /** Null: no step in particular, so the newest. */
  readonly moveTo: (step: number | null) => void
  readonly showWindow: (window: Interval) => void
  readonly zoom: (factor: number) => void
  readonly reset: () => void
}

export type PlotOverlayProps = {
  readonly x: ScaledAxis
  readonly y: ScaledAxis
  readonly width: number
  readonly height: number
  readonly cursor: number | null
  readonly marks: readonly CursorMark[]
  readonly actions: CursorActions
  /** What the cursor reads, in words; null for a chart that is not the keyboard's. */
  readonly valueText: string | null
}

export function PlotOverlay({ x, y, width, height, cursor, marks, actions, valueText }: PlotOverlayProps) {
  const [dragFrom, setDragFrom] = useState<number | null>(null)
  const area = plotArea(width, height)
  const inside = cursor !== null && cursor >= x.domain.low && cursor <= x.domain.high
  const stepOf = (event: PointerEvent) =>
    stepAt(event.clientX - event.currentTarget.getBoundingClientRect().left, area.width, x.domain)

  const release = (event: PointerEvent) => {
    const window = dragFrom === null ? null : windowFrom(dragFrom, stepOf(event))
    setDragFrom(null)
    if (window) actions.showWindow(window)
  }

  return (
    <div
      className={styles.overlay}
      style={{ left: MARGIN.left, top: MARGIN.top, ...area }}
      onPointerMove={(event) => actions.moveTo(stepOf(event))}
      onPointerLeave={() => actions.moveTo(null)}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragFrom(stepOf(event))
      }}
      onPointerUp={release}
      onPointerCancel={() => setDragFrom(null)}
      onDoubleClick={actions.reset}
      {...(valueText === null ? {} : sliderProps(x.domain, cursor, valueText, actions))}
    >
      {inside && (
        <>
          {dragFrom !== null && dragFrom !== cursor && (
            <div className={styles.selection} style={between(x, dragFrom, cursor)} />
          )}
          <div className={styles.cursor} style={{ left: `${fractionOf(cursor, x) * 100}%` }} />
          {marks.map(({ step, value, style }, i) => (
            <div
              // A mark is its place in the list: runs do not change order.
              // oxlint-disable-next-line react/no-array-index-key
              key={i}
              className={`${styles.mark} ${styles[style.colour]} ${style.dashed ? styles.dashed : ''}`}
              style={placeOf(x, y, step, value)}
            />
          ))}
        </>
      )}
    </div>
  )
}

/** One page of the keyboard is a tenth of the window, one arrow a hundredth, and never less than a step. */
function keyStep(key: string, { low, high }: Interval): number {
  const share = key.startsWith('Page') ? 0.1 : 0.01
  return Math.max(1, Math.round((high - low) * share))
}

function sliderProps(window: Interval, cursor: number | null, valueText: string, actions: CursorActions) {
  const at = cursor ?? window.high
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => actions.moveTo(Math.max(window.low, at - keyStep('ArrowLeft', window))),
    ArrowRight: () => actions.moveTo(Math.min(window.high, at + keyStep('ArrowRight', window))),
    PageDown: () => actions.moveTo(Math.max(window.low, at - keyStep('PageDown', window))),
    PageUp: () => actions.moveTo(Math.min(window.high, at + keyStep('PageUp', window))),
    Home: () => actions.moveTo(window.low),
    End: () => actions.moveTo(window.high),
    '+': () => actions.zoom(0.5),
    '-': () => actions.zoom(2),
    Escape: actions.reset,
  }
  return {
    role: 'slider',
    tabIndex: 0,
    'aria-label': 'Cursor of all charts, in steps. Plus and minus zoom, Escape shows all.',
    'aria-valuemin': Math.floor(window.low),
    'aria-valuemax': Math.ceil(window.high),
    'aria-valuenow': Math.round(at),
    'aria-valuetext': valueText,
    onKeyDown: (event: KeyboardEvent) => {
      const act = keys[event.key]
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      act()
    },
  } as const
}

function between(x: ScaledAxis, a: number, b: number) {
  const low = fractionOf(Math.min(a, b), x)
  const high = fractionOf(Math.max(a, b), x)
  return { left: `${low * 100}%`, width: `${(high - low) * 100}%` }
}

function placeOf(x: ScaledAxis, y: ScaledAxis, step: number, value: number) {
  return { left: `${fractionOf(step, x) * 100}%`, top: `${(1 - fractionOf(value, y)) * 100}%` }
}
