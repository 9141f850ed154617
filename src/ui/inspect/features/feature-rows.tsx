import { memo, useCallback, useMemo, useState } from 'react'
import { MOST_PICTURES } from '../../../contract/commands/inspect-commands.ts'
import {
  type FeatureGrid,
  type FeatureRow,
  IMAGES_A_SIDE,
  type RankedImage,
} from '../../../contract/feature-grid.ts'
import { count, percent } from '../../charts/curve-values.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { FailureNotice } from '../../foundation/controls/notice.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { FeatureStrip } from './feature-strip.tsx'
import { type FeatureOrder, orderedFeatures } from './feature-order.ts'
import { type FetchPictures, type Pictures, usePictures } from './use-pictures.ts'
import styles from './features-panel.module.css'

/** As many rows as one reply has pictures for. */
const PAGE = Math.floor(MOST_PICTURES / (2 * IMAGES_A_SIDE))

const ORDERS: readonly { id: FeatureOrder; text: string; note: string }[] = [
  { id: 'number', text: 'Number', note: 'Order of the linear layer’s inputs' },
  { id: 'purity', text: 'Class purity', note: 'Share of the most frequent class among the highest' },
  { id: 'spread', text: 'Spread', note: 'Standard deviation over all images' },
]

/** The grid a page at a time. Features and images are numbered from 0, as in the weights and in the set. */
export const FeatureRows = memo(function FeatureRows(props: {
  readonly grid: FeatureGrid
  readonly classNames: readonly string[]
  readonly fetchPictures: FetchPictures
  /** What the image under the pointer is, in words; empty where there is none. */
  readonly onTell: (text: string) => void
}) {
  const { grid, classNames, fetchPictures, onTell } = props
  const [order, setOrder] = useState<FeatureOrder>('number')
  const [offset, setOffset] = useState(0)
  const from = offset < grid.features.length ? offset : 0
  const shown = useMemo(() => orderedFeatures(grid, order).slice(from, from + PAGE), [grid, order, from])
  const indices = useMemo(() => imagesOf(grid, shown), [grid, shown])
  const { pictures, failure } = usePictures(fetchPictures, indices)
  return (
    <>
      <div className={styles.bar}>
        <SelectField
          label="Sort by"
          options={ORDERS}
          value={order}
          onChange={(id) => {
            setOrder(id)
            setOffset(0)
          }}
        />
        <ActionButton
          label="Previous features"
          disabled={from === 0}
          onPress={() => setOffset(Math.max(0, from - PAGE))}
        >
          ←
        </ActionButton>
        <ActionButton
          label="Next features"
          disabled={from + PAGE >= grid.features.length}
          onPress={() => setOffset(from + PAGE)}
        >
          →
        </ActionButton>
        <output className={styles.range}>
          {count(from + 1)}–{count(from + shown.length)} of {count(grid.features.length)} features
        </output>
      </div>
      <FailureNotice failure={failure} />
      <ul className={styles.rows} aria-label="Features">
        {shown.map((feature) => {
          const row = grid.features[feature]
          return row && <Row key={feature} {...{ feature, row, classNames, pictures, onTell }} />
        })}
      </ul>
    </>
  )
})

function Row(props: {
  readonly feature: number
  readonly row: FeatureRow
  readonly classNames: readonly string[]
  readonly pictures: Pictures
  readonly onTell: (text: string) => void
}) {
  const { feature, row, classNames, pictures, onTell } = props
  const tell = useCallback(
    (image: RankedImage | null) => onTell(image ? imageText(feature, image, classNames) : ''),
    [feature, classNames, onTell],
  )
  const { purity, spread } = row
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        Feature {count(feature)}
        <small>
          {purity === null ? '' : `purity ${percent(purity)}, `}spread {spread.toPrecision(3)}
        </small>
      </span>
      <FeatureStrip
        row={row}
        label={`Feature ${feature}: lowest ${namesOf(row.lowest, classNames)}; highest ${namesOf(row.highest, classNames)}`}
        pictures={pictures}
        onPoint={tell}
      />
    </li>
  )
}

const nameOf = ({ label }: RankedImage, classNames: readonly string[]) =>
  classNames[label] ?? `class ${label}`

const namesOf = (images: readonly RankedImage[], classNames: readonly string[]) =>
  images.map((image) => nameOf(image, classNames)).join(', ')

/** "Feature 3: image 4,211, cat, activation 1.234" */
function imageText(feature: number, image: RankedImage, classNames: readonly string[]): string {
  return `Feature ${count(feature)}: test image ${count(image.image)}, ${nameOf(image, classNames)}, activation ${image.activation.toPrecision(4)}`
}

/** Each image of these features once. */
function imagesOf({ features }: FeatureGrid, shown: readonly number[]): readonly number[] {
  const images = shown.flatMap((feature) => {
    const row = features[feature]
    return row ? [...row.lowest, ...row.highest].map(({ image }) => image) : []
  })
  return [...new Set(images)]
}
