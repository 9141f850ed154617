import { type ComponentType, createElement, memo, useCallback, useEffect, useRef, useState } from 'react'
import { saveFile } from '../../client/save-file.ts'
import { MenuButton, MenuChoices } from '../foundation/controls/menu-button.tsx'
import { paperInk, type DrawingInk } from './drawing-ink.ts'
import { pngOf, svgOf } from './render-drawing.ts'
import styles from './save-drawing.module.css'

const KINDS = [
  { id: 'svg', text: 'SVG', note: 'Lines and text, for papers and editors.' },
  { id: 'png', text: 'PNG', note: 'Pixels, twice the size.' },
] as const

const REFUSED = 'The browser could not make this PNG; save it as SVG.'

type What<Props extends object> = {
  /** What is saved, for the button's name: "loss". */
  readonly what: string
  /** Without its ending. */
  readonly fileName: string
  readonly drawing: ComponentType<Props & { readonly ink: DrawingInk }>
}

/** A chart or a matrix as a file. */
export function SaveDrawing<Props extends object>(
  props: What<Props> & {
    /** What the drawing is given besides its ink. */
    readonly of: Props
  },
) {
  const { what, fileName, drawing, of } = props
  const latest = useRef(of)
  useEffect(() => {
    latest.current = of
  })
  const draw = useCallback(
    () => svgOf(createElement(drawing, { ...latest.current, ink: paperInk() })),
    [drawing],
  )
  return <SaveMenu {...{ what, fileName, draw }} />
}

/** Apart: a chart changes with every report, and drawing a menu's button again is not cheap. */
const SaveMenu = memo(function SaveMenu(props: {
  readonly what: string
  readonly fileName: string
  /** What there is to draw when it is called, as SVG. */
  readonly draw: () => string
}) {
  const { what, fileName, draw } = props
  const [told, setTold] = useState('')

  async function save(kind: (typeof KINDS)[number]['id']): Promise<void> {
    const svg = draw()
    setTold('')
    if (kind === 'svg') return saveFile(`${fileName}.svg`, svg, 'image/svg+xml')
    try {
      saveFile(`${fileName}.png`, await pngOf(svg), 'image/png')
    } catch {
      setTold(REFUSED)
    }
  }

  return (
    <>
      <MenuButton label={`Save ${what} as a picture`} face="Save…">
        <MenuChoices
          label={`Save ${what}`}
          choices={KINDS.map(({ id, text, note }) => ({ id, text, note, perform: () => void save(id) }))}
        />
      </MenuButton>
      {told && <output className={styles.told}>{told}</output>}
    </>
  )
})
