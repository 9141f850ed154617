// A confusion matrix as a picture, for more classes than there is room for values: one path a shade instead of
// 10,000 elements. What a cell says is read beside it.
import { memo, useMemo, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { cellAfterKey } from './cell-keys.ts'
import { THEME_INK } from '../../drawings/drawing-ink.ts'
import { tint } from './colours.ts'
import { shadesOf } from './confusion-shades.ts'
import type { ConfusionGridProps, ConfusionView } from './confusion-view.ts'
import type { CellPosition } from './format-confusion.ts'
import styles from './confusion-map.module.css'

export function ConfusionMap({ view, classNames, label, onPoint }: ConfusionGridProps) {
  const size = classNames.length
  const [current, setCurrent] = useState<CellPosition | null>(null)
  const pointTo = (place: CellPosition | null) => {
    setCurrent(place)
    onPoint(place)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const place = current ?? { truth: 0, predicted: 0 }
    const next = cellAfterKey(place, event, size)
    if (!next) return
    event.preventDefault()
    pointTo(next)
  }

  return (
    <div className={styles.frame}>
      <p className={styles.across}>predicted class →</p>
      <p className={styles.down}>true class →</p>
      {/* No widget role fits a picture of 10,000 cells: the arrow keys move one, the reading beside announces it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="application"
        aria-roledescription="confusion matrix"
        aria-label={`${label}. Arrow keys move from cell to cell, with Shift by ten.`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={styles.map}
        onKeyDown={onKeyDown}
        onFocus={() => pointTo(current ?? { truth: 0, predicted: 0 })}
        onBlur={() => pointTo(null)}
        onPointerMove={(event) => pointTo(placeUnder(event, size))}
        onPointerLeave={() => pointTo(null)}
      >
        <svg viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
          <Shades view={view} />
          {current && <Crosshair place={current} size={size} />}
        </svg>
      </div>
    </div>
  )
}

const Shades = memo(function Shades({ view }: { readonly view: ConfusionView }) {
  const shades = useMemo(() => shadesOf(view), [view])
  return (
    <g shapeRendering="crispEdges">
      {shades.map(({ level, path }) => (
        <path key={level} d={path} style={{ fill: tint(level, view, 1, THEME_INK) }} />
      ))}
    </g>
  )
})

function Crosshair({
  place: { truth, predicted },
  size,
}: {
  readonly place: CellPosition
  readonly size: number
}) {
  return (
    <g className={styles.crosshair}>
      <path
        d={`M0,${truth}H${size}M0,${truth + 1}H${size}M${predicted},0V${size}M${predicted + 1},0V${size}`}
      />
    </g>
  )
}

/** The cell under the pointer. */
function placeUnder(event: PointerEvent, size: number): CellPosition {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
  const index = (share: number) => Math.min(size - 1, Math.max(0, Math.floor(share * size)))
  return {
    truth: index((event.clientY - top) / height),
    predicted: index((event.clientX - left) / width),
  }
}
