import { THEME_INK } from '../../drawings/drawing-ink.ts'
import type { LineStyle, Part } from '../chart-types.ts'
import { SamplePath } from './curve-line.tsx'

/** A line as the plot draws it, for a legend; the text beside it says what it is. */
export function LineSample(props: {
  readonly colour: LineStyle['colour']
  readonly dashed: boolean
  readonly part: Part
}) {
  const { colour, dashed, part } = props
  return (
    <svg width="28" height="10" viewBox="0 0 28 10" aria-hidden="true">
      <SamplePath series={{ colour, dashed }} part={part} ink={THEME_INK} />
    </svg>
  )
}
