import { createElement, useState, type ComponentType } from 'react'
import { saveFile } from '../../client/save-file.ts'
import { MenuButton, MenuChoices } from '../controls/menu-button.tsx'
import { paperInk, type DrawingInk } from './drawing-ink.ts'
import { pngOf, svgOf } from './render-drawing.ts'
import styles from './save-drawing.module.css'

const KINDS = [
  { id: 'svg', text: 'SVG', note: 'Lines and text, for papers and editors.' },
  { id: 'png', text: 'PNG', note: 'Pixels, twice the size.' },
] as const

const REFUSED = 'The browser could not make this PNG; save it as SVG.'

/** A chart or a matrix as a file. */
export function SaveDrawing<Props extends object>(props: {
  /** What is saved, for the button's name: "Loss". */
  readonly what: string
  /** Without its ending. */
  readonly fileName: string
  readonly drawing: ComponentType<Props & { readonly ink: DrawingInk }>
  /** What it is given besides its ink. */
  readonly of: Props
}) {
  const { what, fileName, drawing, of } = props
  const [told, setTold] = useState('')

  async function save(kind: (typeof KINDS)[number]['id']): Promise<void> {
    const svg = svgOf(createElement(drawing, { ...of, ink: paperInk() }))
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
}
