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
          label="Max. rotation"
          value={augmentation.rotation}
          onChange={(rotation) => change({ rotation })}
          min={0}
          max={180}
          whole={false}
          unit={augmentation.rotation === 0 ? 'no rotation' : '° either way'}
        />
        <NumberField
          label="Random-crop padding"
          value={augmentation.cropPadding}
          onChange={(cropPadding) => change({ cropPadding })}
          min={0}
          max={16}
          whole
          unit={augmentation.cropPadding === 0 ? 'no crop' : 'px'}
        />
        <div className={styles.switches}>
          <SwitchField
            label="Random horizontal flip"
            value={augmentation.flip}
            onChange={(flip) => change({ flip })}
          />
          <SwitchField
            label="Include the largest crop offset"
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
        <p className={styles.note}>Get the data set to see a preview.</p>
      )}
    </Panel>
  )
}
