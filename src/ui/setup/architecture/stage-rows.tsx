import { stageRange, withAddedStage, withoutStage } from '../../../client/setup/network-rules.ts'
import { IMAGE_SIDE } from '../../../base/data-set.ts'
import { NETWORK_LIMITS, type NetworkConfig } from '../../../network/network-config.ts'
import { addsZeroChannels } from '../../../network/shortcuts/index.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import type { NetworkEditorProps } from './network-editor-props.ts'
import styles from './architecture.module.css'

/** The stages, a row each: how deep and how wide. */
export function StageRows({ network, change }: NetworkEditorProps) {
  const { stages, shortcut } = network
  return (
    <div className={styles.stages}>
      {stages.map(({ blocks, channels }, i) => {
        const side = IMAGE_SIDE / 2 ** i
        const resize = (part: Partial<NetworkConfig['stages'][number]>) =>
          change((before) => ({
            ...before,
            stages: before.stages.map((stage, j) => (j === i ? { ...stage, ...part } : stage)),
          }))
        return (
          // A stage is its place: nothing else tells two of them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={i} className={styles.stage}>
            <NumberField
              label={`Stage ${i + 1}: blocks`}
              value={blocks}
              onChange={(value) => resize({ blocks: value })}
              min={1}
              max={NETWORK_LIMITS.blocks}
              whole
            />
            <NumberField
              label="Channels"
              value={channels}
              onChange={(value) => resize({ channels: value })}
              {...stageRange(network, i)}
              whole
              unit={`× ${side}²`}
            />
            <ActionButton
              rank="quiet"
              label={`Remove stage ${i + 1}`}
              disabled={stages.length === 1}
              onPress={() => change((before) => withoutStage(before, i))}
            >
              Remove
            </ActionButton>
          </div>
        )
      })}
      <div className={styles.add}>
        <ActionButton
          disabled={stages.length === NETWORK_LIMITS.stages}
          onPress={() => change(withAddedStage)}
        >
          Add a stage
        </ActionButton>
        <span className={styles.note}>
          {addsZeroChannels(shortcut)
            ? 'Zero-padding can’t narrow: each stage needs ≥ the previous channels.'
            : `Up to ${NETWORK_LIMITS.stages}; each after the first halves the image.`}
        </span>
      </div>
    </div>
  )
}
