import type { ReactNode } from 'react'
import type { DrawingInk } from './drawing-ink.ts'
import { FONT_SIZE } from './text-size.ts'

/** Fonts that most machines have one of; a file cannot carry the page's. */
const FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** A whole SVG document on its own ground. Size in CSS pixels. */
export function Drawing(props: {
  readonly width: number
  readonly height: number
  readonly ink: DrawingInk
  readonly title: string
  readonly children: ReactNode
}) {
  const { ink, title, children } = props
  const [width, height] = [Math.ceil(props.width), Math.ceil(props.height)]
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      fontFamily={FONTS}
      fontSize={FONT_SIZE}
      fill={ink.text}
      {...{ width, height }}
    >
      <title>{title}</title>
      <rect fill={ink.page} {...{ width, height }} />
      {children}
    </svg>
  )
}
