import type { AugmentationConfig } from '../../../base/image-config.ts'
import { Panel } from '../../foundation/panel.tsx'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SwitchField } from '../../foundation/controls/switch-field.tsx'
import { AugmentationPreview, type PreviewAugmentation } from './augmentation-preview.tsx'
import { NormalisationFields } from './normalisation-fields.tsx'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import styles from '../setup.module.css'
import { WhiteningFields } from './whitening-fields.tsx'
import type { WhiteningWork } from './whitening-offer.tsx'

/** The furthest crop begins at twice the padding; drgripa1's never does. */
function lastShift({ cropPadding }: AugmentationConfig): string {
  return cropPadding === 0 ? 'Use the last shift' : `Use the last of ${2 * cropPadding + 1} shifts`
}

/** What happens to each training image before the network sees it. */
export function AugmentationPanel({
  setup,
  edit,
  preview,
  stored,
  whitening,
}: SetupPanelProps & {
  readonly preview: PreviewAugmentation
  /** True where the selected data set is in this browser. */
  readonly stored: boolean
  readonly whitening: WhiteningWork
}) {
  const { augmentation } = setup
  const change = (part: Partial<AugmentationConfig>) =>
    edit((before) => ({ ...before, augmentation: { ...before.augmentation, ...part } }))
  return (
    <Panel title="Augmentation">
      <div className={styles.fields}>
        <NumberField
          label="Rotate by up to"
          value={augmentation.rotation}
          onChange={(rotation) => change({ rotation })}
          min={0}
          max={180}
          whole={false}
          unit={augmentation.rotation === 0 ? 'no rotation' : '° either way'}
        />
        <NumberField
          label="Crop from padding of"
          value={augmentation.cropPadding}
          onChange={(cropPadding) => change({ cropPadding })}
          min={0}
          max={16}
          whole
          unit={augmentation.cropPadding === 0 ? 'no crop' : 'px'}
        />
        <div className={styles.switches}>
          <SwitchField
            label="Flip half of them"
            value={augmentation.flip}
            onChange={(flip) => change({ flip })}
          />
          <SwitchField
            label={lastShift(augmentation)}
            value={augmentation.cropReachesEnd}
            onChange={(cropReachesEnd) => change({ cropReachesEnd })}
            disabled={augmentation.cropPadding === 0}
          />
        </div>
        <NormalisationFields {...{ setup, edit }} />
        <WhiteningFields {...{ setup, edit }} />
      </div>
      {stored ? (
        <AugmentationPreview {...{ setup, preview, whitening }} />
      ) : (
        <p className={styles.note}>The preview appears when the data set is in this browser.</p>
      )}
    </Panel>
  )
}
