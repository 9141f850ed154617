import { memo, useEffect, useRef } from 'react'
import { IMAGE_SIDE } from '../../../base/data-set.ts'
import { type FeatureRow, IMAGES_A_SIDE, type RankedImage } from '../../../contract/feature-grid.ts'
import { COLUMNS, pictureAt } from './picture-at.ts'
import type { Pictures } from './use-pictures.ts'
import styles from './features-panel.module.css'

/** Between the lowest and the highest, in pixels of the images. */
const GAP = 16
const WIDTH = COLUMNS * IMAGE_SIDE + GAP

const leftOf = (column: number) => column * IMAGE_SIDE + (column < IMAGES_A_SIDE ? 0 : GAP)

/** A feature's images, side by side. */
export const FeatureStrip = memo(function FeatureStrip(props: {
  readonly row: FeatureRow
  /** Read out. */
  readonly label: string
  readonly pictures: Pictures
  readonly onPoint: (image: RankedImage | null) => void
}) {
  const { row, label, pictures, onPoint } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, WIDTH, IMAGE_SIDE)
    for (let column = 0; column < COLUMNS; column++) {
      const rgba = pictures.get(pictureAt(row, column)?.image ?? -1)
      if (!rgba) continue
      const picture = new ImageData(new Uint8ClampedArray(rgba), IMAGE_SIDE, IMAGE_SIDE)
      context.putImageData(picture, leftOf(column), 0)
    }
  }, [row, pictures])
  return (
    // An <img> would need the row encoded as a file first.
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      className={styles.strip}
      width={WIDTH}
      height={IMAGE_SIDE}
      onPointerMove={({ nativeEvent, currentTarget }) => {
        const x = (nativeEvent.offsetX / currentTarget.clientWidth) * WIDTH
        const column = Array.from({ length: COLUMNS }, (_, at) => at).find(
          (at) => x >= leftOf(at) && x < leftOf(at) + IMAGE_SIDE,
        )
        onPoint(column === undefined ? null : pictureAt(row, column))
      }}
      onPointerLeave={() => onPoint(null)}
    />
  )
})
