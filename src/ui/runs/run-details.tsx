import { type ReactNode, useState } from 'react'
import { Label, TextArea, TextField } from 'react-aria-components'
import { DATA_SETS } from '../../base/data-set.ts'
import { enginesOf, NOTES_LENGTH } from '../../contract/run-record.ts'
import { formatTrainedEngines } from '../../contract/trained-engines.ts'
import { formatNetwork } from '../../network/format-network.ts'
import { findPreset } from '../../presets/presets.ts'
import { configDifferences } from '../../runs/config-differences.ts'
import { count, loss, percentOf } from '../charts/curve-values.ts'
import { PageOver } from '../foundation/controls/page-over.tsx'
import { bytes, duration } from '../foundation/controls/quantities.ts'
import { fieldName } from '../setup/field-names.ts'
import { settingText } from './table/run-columns.ts'
import type { RunRow } from './table/run-rows.ts'
import styles from './run-details.module.css'

/** All that is known of a run besides its curves, and what a person wrote about it. Notes are kept when it closes. */
export function RunDetails(props: {
  readonly row: RunRow
  readonly onNotes: (notes: string) => void
  readonly onClose: () => void
}) {
  const { row, onNotes, onClose } = props
  const { notes } = row.entry
  const [draft, setDraft] = useState(notes)
  return (
    <PageOver
      title={row.name}
      onClose={() => {
        if (draft !== notes) onNotes(draft)
        onClose()
      }}
    >
      {() => (
        <div className={styles.details}>
          <TextField value={draft} onChange={setDraft} className={styles.field ?? ''}>
            <Label className={styles.label ?? ''}>Notes (saved when you close)</Label>
            <TextArea className={styles.notes ?? ''} rows={6} maxLength={NOTES_LENGTH} />
          </TextField>
          <dl className={styles.facts}>
            {factsOf(row).map(([term, fact]) => (
              <Fact key={term} term={term}>
                {fact}
              </Fact>
            ))}
          </dl>
        </div>
      )}
    </PageOver>
  )
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  )
}

const MOMENT = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' })

function factsOf({ entry, state }: RunRow): [term: string, fact: string][] {
  const { config, result, device } = entry
  const { title } = DATA_SETS[config.data.set]
  return [
    ['State', state.why === null ? state.text : `${state.text}: ${state.why}`],
    ['Network', formatNetwork(config.network)],
    ['Data set', title],
    ['Seed', String(config.seed)],
    ['Steps', `${count(entry.steps)} of ${count(entry.totalSteps)}, ${count(entry.stepsPerEpoch)} per epoch`],
    ...(result
      ? ([
          [
            'Test accuracy',
            `${percentOf(result.last, result.testImages)} images, after epoch ${count(result.epoch)}`,
          ],
          ['Best', percentOf(result.best, result.testImages)],
          ['Test loss', loss(result.testLoss)],
        ] satisfies [string, string][])
      : []),
    ['Training time', duration(entry.seconds)],
    ['Device', device ? `${device.adapter}${device.software ? ', software' : ''}` : 'none yet'],
    ['Engine', formatTrainedEngines(enginesOf(entry)) ?? 'not recorded'],
    ['Created', MOMENT.format(entry.createdAt)],
    ['Updated', MOMENT.format(entry.changedAt)],
    ['Checkpoints', bytes(entry.checkpointBytes)],
    ['Lab version', entry.appVersion],
    ...presetFacts(config),
  ]
}

function presetFacts(config: RunRow['entry']['config']): [term: string, fact: string][] {
  const preset = config.preset === null ? undefined : findPreset(config.preset)
  if (!preset) return []
  const changes = configDifferences(preset.config, config)
    .filter(({ path }) => path !== 'network.identity' && path !== 'network.stages')
    .map(({ path, to }) => `${fieldName(path)} ${settingText(path, to)}`)
  return [['Preset', changes.length > 0 ? `${preset.id}, but ${changes.join('; ')}` : preset.id]]
}
