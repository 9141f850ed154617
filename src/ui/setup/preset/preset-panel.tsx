import { presetSetup } from '../../../client/setup/setup.ts'
import type { DataSetId } from '../../../base/data-set.ts'
import type { StoredDataSet } from '../../../contract/events.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import { weightLayers } from '../../../network/format-network.ts'
import { findPreset, SYSTEMS, systemOf } from '../../../presets/presets.ts'
import type { Preset, System } from '../../../presets/system.ts'
import { configDifferences } from '../../../runs/config-differences.ts'
import type { RunResult } from '../../../runs/run-result.ts'
import { Panel } from '../../foundation/panel.tsx'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { DialogButton } from '../../foundation/controls/dialog-button.tsx'
import { SelectField } from '../../foundation/controls/select-field.tsx'
import { fieldNames } from '../field-names.ts'
import setupStyles from '../setup.module.css'
import styles from './preset-panel.module.css'
import { dataNote } from './format-preset.ts'
import { lazyPart } from '../../foundation/lazy-part.tsx'

const SystemPage = lazyPart(async () => (await import('./system-page.tsx')).SystemPage)

const QUICK_START = 'quick-start'

const OPTIONS = [
  { id: QUICK_START, text: 'Quick start', note: 'Built-in images, sized for this device' },
  ...SYSTEMS.map(({ title: heading, presets }) => ({
    heading,
    options: presets.map(({ id, title: text }) => ({ id, text })),
  })),
]

/** Where a set-up begins: a published system, with its source and what its author reports. */
export function PresetPanel(props: {
  readonly setup: RunConfig
  /** What the page opens with on this device. */
  readonly quickStart: RunConfig
  readonly dataSets: Readonly<Record<DataSetId, StoredDataSet>>
  /** Of this visit. */
  readonly results: readonly RunResult[]
  readonly onQuickStart: () => void
  readonly onPreset: (config: RunConfig) => void
}) {
  const { setup, quickStart, dataSets, results, onQuickStart, onPreset } = props
  const preset = setup.preset === null ? undefined : findPreset(setup.preset)
  const system = systemOf(setup.preset)
  const isStored = preset !== undefined && dataSets[preset.config.data.set].state === 'ready'
  const note = preset ? dataNote(preset.config, setup.data.set, isStored) : null
  const unchanged = preset ? presetSetup(preset.config, setup, isStored) : quickStart
  const differences = configDifferences(preset?.config ?? quickStart, setup)
  const changes = fieldNames(differences.map(({ path }) => path))

  function choose(id: string): void {
    const chosen = findPreset(id)
    if (chosen) onPreset(chosen.config)
    else onQuickStart()
  }

  return (
    <Panel title="Starting point" aside={system?.title}>
      <SelectField label="Preset" options={OPTIONS} value={preset?.id ?? QUICK_START} onChange={choose} />
      {system && preset ? (
        <Source {...{ system, preset, note }} />
      ) : (
        <p className={setupStyles.note}>
          A {weightLayers(quickStart.network)}-layer network with and without identity mappings, on synthetic
          images generated in your browser.
        </p>
      )}
      {changes.length > 0 && <p className={setupStyles.note}>Changed: {changes.join(', ')}.</p>}
      <div className={styles.buttons}>
        {system && preset && (
          <DialogButton text="About this system" title={system.title}>
            {() => <SystemPage {...{ system, preset, note, results }} />}
          </DialogButton>
        )}
        {configDifferences(unchanged, setup).length > 0 && (
          <ActionButton rank="quiet" onPress={() => choose(preset?.id ?? QUICK_START)}>
            Reset to {preset ? 'preset' : 'quick start'}
          </ActionButton>
        )}
      </div>
    </Panel>
  )
}

/** What the author reports of the preset, in a line. */
function Source(props: {
  readonly system: System
  readonly preset: Preset
  /** Why the results say nothing of the set-up; null where they do. */
  readonly note: string | null
}) {
  const { system, preset, note } = props
  const { source, reported } = system
  const rows = reported.rows.filter((row) => row.preset === preset.id)
  return (
    <>
      <p className={setupStyles.note}>
        {rows.length > 0 && `${reported.columns[0]}: `}
        {rows.map(({ identity, cells }, i) => (
          <span key={String(identity)}>
            {i > 0 && ', '}
            {identity ? 'with' : 'without'} identity <strong>{cells[0]}</strong>
          </span>
        ))}
        {rows.length > 0 ? '. Reported by ' : 'Not reported by '}
        <a href={source.url} target="_blank" rel="noreferrer">
          {source.name}
        </a>
        .
      </p>
      {note !== null && <p className={setupStyles.note}>{note}</p>}
    </>
  )
}
