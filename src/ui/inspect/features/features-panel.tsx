// The Features tab: which test images each feature of the last layer answers to least and most.
import { useCallback, useMemo, useState } from 'react'
import type { Failure } from '../../../base/app-error.ts'
import { DATA_SETS, type DataSetId } from '../../../base/data-set.ts'
import { type FeatureGrid, IMAGES_A_SIDE } from '../../../contract/feature-grid.ts'
import type { RunColour } from '../../charts/chart-types.ts'
import { count } from '../../charts/curve-values.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { FailureNotice, Notice } from '../../foundation/controls/notice.tsx'
import { FeatureRows } from './feature-rows.tsx'
import type { FetchPictures } from './use-pictures.ts'
import styles from './features-panel.module.css'

/** A run whose features can be ranked. */
type RankableRun = { readonly id: RunColour; readonly letter: string; readonly ready: boolean }

export type FeaturesPanelProps = {
  readonly runs: readonly RankableRun[]
  /** What was ranked last, and whose it is: "A with identity". */
  readonly ranked: {
    readonly label: string
    readonly set: DataSetId
    readonly steps: number
    readonly grid: FeatureGrid
  } | null
  /** While a ranking is under way: images done, of all; null for either while unknown. */
  readonly progress: { readonly images: number | null; readonly total: number | null } | null
  readonly saving: boolean
  readonly failure: Failure | null
  readonly onRank: (id: RunColour) => void
  readonly onSave: () => void
  readonly onDismiss: () => void
  /** Keep its identity stable. */
  readonly pictures: (set: DataSetId, indices: number[]) => ReturnType<FetchPictures>
  readonly classNamesOf: (set: DataSetId) => readonly string[]
}

export function FeaturesPanel(props: FeaturesPanelProps) {
  const { runs, ranked, progress, saving, failure, onRank, onSave, onDismiss } = props
  return (
    <div className={styles.panel}>
      <p className={styles.note}>
        Each row is an input feature of the last linear layer: the {IMAGES_A_SIDE} test images with its lowest
        activations on the left, the {IMAGES_A_SIDE} with its highest on the right, in ascending order.
      </p>
      <div className={styles.bar}>
        {runs.map(({ id, letter, ready }) => (
          <ActionButton key={id} disabled={!ready || progress !== null} onPress={() => onRank(id)}>
            Rank images by {letter}’s features
          </ActionButton>
        ))}
        <ActionButton disabled={!ranked || saving} onPress={onSave}>
          Save all as PNG
        </ActionButton>
      </div>
      {progress && <Notice tone="plain">{progressText(progress)}</Notice>}
      <FailureNotice failure={failure} onDismiss={onDismiss} />
      {ranked && <Ranked {...props} ranked={ranked} />}
    </div>
  )
}

function progressText({ images, total }: { images: number | null; total: number | null }): string {
  if (images === null || total === null) return 'Loading the weights…'
  return `Evaluating test images: ${count(images)} of ${count(total)}`
}

function Ranked({
  ranked,
  pictures,
  classNamesOf,
}: FeaturesPanelProps & { readonly ranked: NonNullable<FeaturesPanelProps['ranked']> }) {
  const { label, set, steps, grid } = ranked
  const fetchPictures = useCallback((indices: number[]) => pictures(set, indices), [pictures, set])
  const classNames = useMemo(() => classNamesOf(set), [classNamesOf, set])
  const [told, setTold] = useState('')
  return (
    <>
      <p className={styles.what}>
        <b>{label}</b> · after step {count(steps)} · {count(grid.features.length)} features on{' '}
        {count(grid.images)} test images of {DATA_SETS[set].title}
      </p>
      <output className={styles.reading}>{told || 'Hover over an image for details.'}</output>
      <FeatureRows {...{ grid, classNames, fetchPictures }} onTell={setTold} />
    </>
  )
}
