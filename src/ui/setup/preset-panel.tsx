import type { RunConfig } from '../../contract/run-config.ts'
import { findPreset, PRESETS, SYSTEMS, systemOf } from '../../network/presets.ts'
import type { System } from '../../network/systems/system.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { Panel } from '../app/panel.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { fieldName } from './field-names.ts'
import styles from './setup.module.css'

const QUICK_START = 'quick-start'

const OPTIONS = [
  { id: QUICK_START, text: 'Quick start', note: 'Built-in images, sized for this device' },
  ...SYSTEMS.flatMap((system) =>
    system.presets.map(({ id, title }) => ({ id, text: title, note: system.source.name })),
  ),
]

/** Where a set-up begins: a published system, with its source and what its author reports. */
export function PresetPanel(props: {
  readonly setup: RunConfig
  /** What the page opens with on this device. */
  readonly quickStart: RunConfig
  readonly onQuickStart: () => void
  readonly onPreset: (config: RunConfig) => void
}) {
  const { setup, quickStart, onQuickStart, onPreset } = props
  const preset = setup.preset === null ? undefined : findPreset(setup.preset)
  const system = systemOf(setup.preset)
  const changes = configDifferences(preset?.config ?? quickStart, setup).map(({ path }) => fieldName(path))

  function choose(id: string): void {
    const chosen = PRESETS.find((other) => other.id === id)
    if (chosen) onPreset(chosen.config)
    else onQuickStart()
  }

  return (
    <Panel title="Preset">
      <SelectField label="Begin with" options={OPTIONS} value={preset?.id ?? QUICK_START} onChange={choose} />
      {system ? (
        <Source system={system} setup={setup} />
      ) : (
        <p className={styles.note}>
          The same network with and without identity mappings, on images that this page draws itself.
        </p>
      )}
      {changes.length > 0 && <p className={styles.note}>Changed: {changes.join(', ')}.</p>}
    </Panel>
  )
}

function Source({ system, setup }: { readonly system: System; readonly setup: RunConfig }) {
  const { source, about, reported } = system
  const rows = reported.rows.filter(({ preset }) => preset === setup.preset)
  return (
    <>
      <p className={styles.note}>
        {rows.map(({ identity, cells }) => (
          <span key={String(identity)}>
            {identity ? 'With' : 'Without'} identity: <strong>{cells[0]}</strong>.{' '}
          </span>
        ))}
        As reported by{' '}
        <a href={source.url} target="_blank" rel="noreferrer">
          {source.name}
        </a>
        .
      </p>
      <details className={styles.note}>
        <summary>About this preset</summary>
        {about}
      </details>
    </>
  )
}
