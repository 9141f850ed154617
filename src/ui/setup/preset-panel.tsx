import { DATA_SETS } from '../../contract/data-set.ts'
import type { RunConfig } from '../../contract/run-config.ts'
import { type Preset, PRESETS } from '../../network/presets.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { Panel } from '../app/panel.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { fieldName } from './field-names.ts'
import styles from './setup.module.css'

const QUICK_START = 'quick-start'

const OPTIONS = [
  { id: QUICK_START, text: 'Quick start', note: 'Built-in images, sized for this device' },
  ...PRESETS.map(({ id, title, source, reportedError }) => ({
    id,
    text: `${title} (akamaster)`,
    note: `${source.name} · ${reportedError.author.toFixed(2)} % test error`,
  })),
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
  const preset = PRESETS.find(({ id }) => id === setup.preset)
  const differences = configDifferences(preset?.config ?? quickStart, setup)
  const changes = [...new Set(differences.map(({ path }) => fieldName(path)))]

  function choose(id: string): void {
    const chosen = PRESETS.find((other) => other.id === id)
    if (chosen) onPreset(chosen.config)
    else onQuickStart()
  }

  return (
    <Panel title="Preset">
      <SelectField label="Begin with" options={OPTIONS} value={preset?.id ?? QUICK_START} onChange={choose} />
      {preset ? (
        <Source preset={preset} setup={setup} />
      ) : (
        <p className={styles.note}>
          The same network with and without identity mappings, on images that this page draws itself.
        </p>
      )}
      {changes.length > 0 && <p className={styles.note}>Changed: {changes.join(', ')}.</p>}
    </Panel>
  )
}

function Source({ preset, setup }: { readonly preset: Preset; readonly setup: RunConfig }) {
  const { source, reportedError, description, config } = preset
  return (
    <>
      <p className={styles.note}>
        Reported test error on {DATA_SETS[config.data.set].title}:{' '}
        <strong>{reportedError.author.toFixed(2)} %</strong> (
        <a href={source.url} target="_blank" rel="noreferrer">
          {source.name}
        </a>
        ), {reportedError.paper.toFixed(2)} % in the paper.
        {setup.data.set !== config.data.set &&
          ` Not on ${DATA_SETS[setup.data.set].title}, which is selected: the figures do not apply to it.`}
      </p>
      <details className={styles.note}>
        <summary>About this preset</summary>
        {description}
      </details>
    </>
  )
}
