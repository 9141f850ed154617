import { memo, useEffect, useRef } from 'react'
import { IMAGE_SIDE } from '../../../base/data-set.ts'
import { count } from '../../charts/curve-values.ts'
import type { ReplyOf } from '../../../contract/commands.ts'
import styles from './gallery.module.css'

const RGBA_BYTES = IMAGE_SIDE * IMAGE_SIDE * 4

/** A page of images at twice their size, pixel for pixel, each under the name of its class. */
export const Gallery = memo(function Gallery(props: {
  readonly page: ReplyOf<'browse'>
  readonly classNames: readonly string[]
}) {
  const { page, classNames } = props
  return (
    <ul className={styles.gallery}>
      {page.indices.map((index, i) => {
        const name = classNames[page.labels[i] ?? -1] ?? ''
        return (
          <li key={index}>
            <Picture
              rgba={page.rgba.subarray(i * RGBA_BYTES, (i + 1) * RGBA_BYTES)}
              label={`${name}, image ${count(index)}`}
            />
            <span title={name}>{name}</span>
          </li>
        )
      })}
    </ul>
  )
})

function Picture({ rgba, label }: { readonly rgba: Uint8Array; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || rgba.length !== RGBA_BYTES) return
    context.putImageData(new ImageData(new Uint8ClampedArray(rgba), IMAGE_SIDE, IMAGE_SIDE), 0, 0)
  }, [rgba])
  // An <img> would need each image encoded as a file first.
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
  return <canvas ref={canvas} role="img" aria-label={label} width={IMAGE_SIDE} height={IMAGE_SIDE} />
}
