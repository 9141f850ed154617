import {
  type ComponentType,
  createElement,
  memo,
  useCallback,
  useEffect,
  useRef,
  useState,
  type ReactElement,
} from 'react'
import { saveFile } from '../../client/save-file.ts'
import { MenuButton, MenuChoices } from '../foundation/controls/menu-button.tsx'
import { paperInk, type DrawingInk } from './drawing-ink.ts'
import styles from './save-drawing.module.css'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'

const KINDS = [
  { id: 'svg', text: 'SVG', note: 'Vector graphics, for papers and editors.' },
  { id: 'png', text: 'PNG', note: 'Bitmap, at twice the resolution.' },
] as const

const REFUSED = 'The browser could not create the PNG. Save as SVG instead.'

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
    readonly content: Props
  },
) {
  const { what, fileName, drawing, content } = props
  const latest = useRef(content)
  useEffect(() => {
    latest.current = content
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
      <MenuButton label={`Save ${what} as an image`} face="Save…">
        <MenuChoices
          label={`Save ${what}`}
          choices={KINDS.map(({ id, text, note }) => ({ id, text, note, perform: () => void save(id) }))}
        />
      </MenuButton>
      {told && <output className={styles.told}>{told}</output>}
    </>
  )
})

/** Pixels of a PNG for each CSS pixel: sharp on paper at the size of the page. */
const PNG_SCALE = 2

/** @param drawing whose root is one `svg` */
function svgOf(drawing: ReactElement): string {
  const host = document.createElement('div')
  const root = createRoot(host)
  flushSync(() => root.render(drawing))
  const [svg] = host.children
  const text = svg ? new XMLSerializer().serializeToString(svg) : ''
  root.unmount()
  return text
}

/** @throws Error where the browser cannot make an image of this size */
async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * PNG_SCALE
    canvas.height = image.naturalHeight * PNG_SCALE
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw new Error(`no PNG of ${canvas.width} × ${canvas.height} pixels`)
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    URL.revokeObjectURL(url)
  }
}
