// One stage as a strip: a box a block with a bar for each convolution of its main path, and the shortcut as an arc over it.
import { count } from '../../charts/curve-values.ts'
import type { Part, Shortcut } from './network-outline.ts'
import { shapeText, shortcutText } from './format-network.ts'
import styles from './block-strip.module.css'

const HEIGHT = 44
const TOP = 5
const MIDDLE = 27
const WIDEST_BLOCK = 64
/** Between a block's box and its neighbours, as a share of its width. */
const GAP = 0.18
/** The box of a 32×32 map; the others are lower by the root of their side, as the picture of a picture shrinks. */
const FULL_BOX = 28
const FULL_SIDE = 32
/** Room for the first and last junction. */
const EDGE = 4

export function BlockStrip({ blocks, width }: { readonly blocks: readonly Part[]; readonly width: number }) {
  const pitch = Math.min(WIDEST_BLOCK, (width - 2 * EDGE) / blocks.length)
  const length = pitch * blocks.length + 2 * EDGE
  return (
    <svg className={styles.strip} width={length} height={HEIGHT} aria-hidden="true">
      <path className={styles.path} d={`M0,${MIDDLE}H${length}`} />
      {blocks.map((block, i) => (
        <g key={block.name} transform={`translate(${(EDGE + i * pitch).toFixed(1)} ${MIDDLE})`}>
          <title>{blockTitle(block)}</title>
          <Box pitch={pitch} side={block.shape.height} convolutions={block.convolutions} />
          {block.shortcut && <Arc kind={block.shortcut.kind} pitch={pitch} />}
        </g>
      ))}
    </svg>
  )
}

function Box(props: { readonly pitch: number; readonly side: number; readonly convolutions: number }) {
  const { pitch, side, convolutions } = props
  const height = FULL_BOX * Math.sqrt(side / FULL_SIDE)
  const gap = pitch * GAP
  const width = pitch - 2 * gap
  return (
    <>
      <rect
        className={styles.box}
        x={gap}
        y={-height / 2}
        width={width}
        height={height}
        rx={Math.min(3, width / 4)}
      />
      {Array.from({ length: convolutions }, (_, i) => (i + 1) / (convolutions + 1)).map((share) => (
        <path
          key={share}
          className={styles.convolution}
          strokeWidth={Math.min(4, width / (2 * convolutions + 1))}
          d={`M${gap + share * width},${-height / 4}v${height / 2}`}
        />
      ))}
    </>
  )
}

/** From the block's input to where its output is added. */
function Arc({ kind, pitch }: { readonly kind: Shortcut['kind']; readonly pitch: number }) {
  const rise = TOP - MIDDLE
  return (
    <g className={`${styles.shortcut} ${styles[kind]}`}>
      <path d={`M0,0C0,${rise * 1.3} ${pitch},${rise * 1.3} ${pitch},0`} />
      <circle cx={pitch} r={Math.min(2.5, pitch / 6)} />
    </g>
  )
}

const blockTitle = ({ name, shape, parameters, shortcut }: Part) =>
  `${name}: ${shapeText(shape)}, ${count(parameters)} parameters, ${shortcut ? shortcutText(shortcut) : 'no shortcut'}`
