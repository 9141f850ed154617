import { stemRange, whyNot } from '../../../client/setup/network-rules.ts'
import { carriedOver } from '../../../base/kinds.ts'
import { blockKind, BLOCKS } from '../../../network/blocks/index.ts'
import type { NetworkConfig } from '../../../network/network-config.ts'
import { type ShortcutConfig, shortcutKind, SHORTCUTS } from '../../../network/shortcuts/index.ts'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { SelectField, type SelectOption } from '../../foundation/controls/select-field.tsx'
import { SwitchField } from '../../foundation/controls/switch-field.tsx'
import { KindFields } from '../kind-fields.tsx'
import { kindOptions } from '../kind-options.ts'
import setupStyles from '../setup.module.css'
import styles from './architecture.module.css'
import type { NetworkEditorProps } from './network-editor-props.ts'
import * as words from './options.ts'
import { StageRows } from './stage-rows.tsx'

type Part = { readonly network: NetworkConfig; readonly set: (part: Partial<NetworkConfig>) => void }

/** Every field of an architecture. What cannot be chosen now says why. */
export function CustomArchitecture({ network, change }: NetworkEditorProps) {
  const set = (part: Partial<NetworkConfig>) => change((before) => ({ ...before, ...part }))
  return (
    <details className={styles.custom}>
      <summary>Custom architecture</summary>
      <div className={styles.parts}>
        <StageRows network={network} change={change} />
        <div className={setupStyles.fields}>
          <BlockFields network={network} set={set} />
          <StemFields network={network} set={set} />
          <HeadFields network={network} set={set} />
          <InitialValueFields network={network} set={set} />
        </div>
      </div>
    </details>
  )
}

/** The options, with the reason where a choice would leave a network that cannot be built. */
function withReasons<Id extends string>(
  network: NetworkConfig,
  options: readonly SelectOption<Id>[],
  choose: (id: Id) => Partial<NetworkConfig>,
): SelectOption<Id>[] {
  return options.map((option) => {
    const reason = whyNot(network, choose(option.id))
    return reason === null ? option : { ...option, refused: `Not available: ${reason}` }
  })
}

function BlockFields({ network, set }: Part) {
  const { block, shortcut, convolutionBias } = network
  const choose = (kind: ShortcutConfig['kind']) => ({
    shortcut: carriedOver(shortcutKind({ kind }), shortcut),
  })
  return (
    <>
      <div className={setupStyles.wide}>
        <SelectField
          label="Blocks"
          options={kindOptions(BLOCKS)}
          value={block.kind}
          onChange={(kind) => set({ block: carriedOver(blockKind({ kind }), block) })}
        />
      </div>
      <div className={setupStyles.wide}>
        <KindFields
          fields={blockKind(block).fields}
          values={block}
          onChange={(name, value) => set({ block: blockKind(block).withField(block, name, value) })}
        />
        {!('reluAfterAdd' in block) && (
          <SwitchField
            label="ReLU after the addition (built into these blocks)"
            value={false}
            onChange={() => {}}
            disabled
          />
        )}
      </div>
      <div className={setupStyles.wide}>
        <SelectField
          label="Shortcut"
          options={withReasons(network, kindOptions(SHORTCUTS), choose)}
          value={shortcut.kind}
          onChange={(kind) => set(choose(kind))}
        />
      </div>
      <KindFields
        fields={shortcutKind(shortcut).fields}
        values={shortcut}
        onChange={(name, value) => set({ shortcut: shortcutKind(shortcut).withField(shortcut, name, value) })}
      />
      {/* A projection gives every channel a value. */}
      {!('padding' in shortcut) && (
        <SelectField
          label="Zero padding"
          options={[{ id: 'none', text: 'None needed' }]}
          value="none"
          onChange={() => {}}
          disabled
        />
      )}
      <SelectField
        label="Convolution biases"
        options={withReasons(network, words.BIASES, (id) => ({ convolutionBias: id }))}
        value={convolutionBias}
        onChange={(id) => set({ convolutionBias: id })}
      />
    </>
  )
}

function StemFields({ network, set }: Part) {
  const { stem } = network
  return (
    <>
      <NumberField
        label="Stem"
        value={stem.channels}
        onChange={(channels) => set({ stem: { ...stem, channels } })}
        {...stemRange(network)}
        whole
        unit="channels"
      />
      <NumberField
        label="Stem dropout"
        value={stem.dropout}
        onChange={(dropout) => set({ stem: { ...stem, dropout } })}
        min={0}
        max={0.9}
        whole={false}
        step={0.01}
        unit={stem.dropout === 0 ? 'none' : 'of channels'}
      />
    </>
  )
}

function HeadFields({ network, set }: Part) {
  const { head } = network
  return (
    <>
      <SelectField
        label="Pool"
        options={withReasons(network, words.POOLS, (pool) => ({ head: { ...head, pool } }))}
        value={head.pool}
        onChange={(pool) => set({ head: { ...head, pool } })}
      />
      <div className={setupStyles.beside}>
        <SwitchField
          label="Linear bias"
          value={head.bias}
          onChange={(bias) => set({ head: { ...head, bias } })}
        />
      </div>
    </>
  )
}

function InitialValueFields({ network, set }: Part) {
  const { initialisation } = network
  const begin = (part: Partial<NetworkConfig['initialisation']>) =>
    set({ initialisation: { ...initialisation, ...part } })
  return (
    <>
      <div className={setupStyles.wide}>
        <SelectField
          label="Weight init"
          options={words.WEIGHTS}
          value={initialisation.weights}
          onChange={(weights) => begin({ weights })}
        />
      </div>
      <SelectField
        label="Linear weight init"
        options={words.LINEARS}
        value={initialisation.linear}
        onChange={(linear) => begin({ linear })}
      />
      <SelectField
        label="Linear bias init"
        options={words.LINEAR_BIASES}
        value={initialisation.linearBias}
        onChange={(linearBias) => begin({ linearBias })}
      />
      <SelectField
        label="BN γ init"
        options={words.SCALES}
        value={initialisation.scale}
        onChange={(scale) => begin({ scale })}
      />
      <div className={setupStyles.wide}>
        <SelectField
          label="BN running variance init"
          options={words.RUNNING_VARIANCES}
          value={initialisation.runningVariance === 0 ? '0' : '1'}
          onChange={(id) => begin({ runningVariance: id === '0' ? 0 : 1 })}
        />
      </div>
    </>
  )
}
