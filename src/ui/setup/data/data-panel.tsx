import { useState } from 'react'
import { FileTrigger, RadioGroup } from 'react-aria-components'
import type { Failure } from '../../../base/app-error.ts'
import { DATA_SET_IDS, DATA_SETS, type DataSetId } from '../../../base/data-set.ts'
import type { StoredDataSet } from '../../../contract/events.ts'
import type { RunConfig } from '../../../config/run-config.ts'
import { runLength } from '../../../runs/run-length.ts'
import { Panel } from '../../foundation/panel.tsx'
import { count } from '../../charts/curve-values.ts'
import { ActionButton } from '../../foundation/controls/action-button.tsx'
import { FieldScope } from '../../foundation/controls/invalid-fields.tsx'
import { FailureNotice, Notice } from '../../foundation/controls/notice.tsx'
import { NumberField } from '../../foundation/controls/number-field.tsx'
import { TextField } from '../../foundation/controls/text-field.tsx'
import styles from './data-panel.module.css'
import { DataSetRow } from './data-set-row.tsx'
import { readMirror } from './mirror.ts'
import type { SetupPanelProps } from '../setup-panel-props.ts'
import setupStyles from '../setup.module.css'

export type DataPanelActions = {
  readonly fetchData: (set: DataSetId, url: string | null) => unknown
  readonly pauseFetch: (set: DataSetId) => unknown
  readonly cancelFetch: (set: DataSetId) => unknown
  readonly removeData: (set: DataSetId) => unknown
  readonly importData: (files: File[]) => unknown
}

/** Where the images come from, and how many of them a run uses. */
export function DataPanel(
  props: SetupPanelProps & {
    readonly dataSets: Readonly<Record<DataSetId, StoredDataSet>>
    readonly importing: boolean
    readonly failure: Failure | null
    readonly onDismissFailure: () => void
    readonly actions: DataPanelActions
  },
) {
  const { setup, edit, dataSets, importing, failure, onDismissFailure, actions } = props
  /** A folder or archive elsewhere; null for the page's own server. */
  const [mirror, setMirror] = useState<string | null>(null)
  const [invalid, setInvalid] = useState<readonly string[]>([])

  function choose(value: string): void {
    const set = DATA_SET_IDS.find((id) => id === value)
    if (set) edit((before) => ({ ...before, data: { ...before.data, set } }))
  }

  return (
    <Panel title="Data">
      <RadioGroup
        className={styles.sets ?? ''}
        aria-label="Data set"
        value={setup.data.set}
        onChange={choose}
      >
        {DATA_SET_IDS.map((set) => (
          <DataSetRow
            key={set}
            place={dataSets[set]}
            canGet={invalid.length === 0}
            onGet={() => actions.fetchData(set, mirror)}
            onPause={() => actions.pauseFetch(set)}
            onCancel={() => actions.cancelFetch(set)}
            onRemove={() => actions.removeData(set)}
          />
        ))}
      </RadioGroup>
      <LimitFields setup={setup} edit={edit} />
      <div className={styles.files}>
        {/* Of any name: files are known by what is in them. */}
        <FileTrigger allowsMultiple onSelect={(files) => files && actions.importData([...files])}>
          <ActionButton disabled={importing}>Choose files…</ActionButton>
        </FileTrigger>
        <span className={setupStyles.note}>
          or drop the official archive, its .bin files or their folder on this page.
        </span>
      </div>
      {importing && <Notice tone="plain">Reading files…</Notice>}
      <FailureNotice failure={failure} onDismiss={onDismissFailure} />
      <details className={styles.mirror}>
        <summary>Use a mirror</summary>
        <FieldScope onChange={setInvalid}>
          <TextField
            label="Mirror"
            value={mirror}
            write={(url) => url ?? ''}
            read={readMirror}
            onChange={setMirror}
            inputMode="url"
            placeholder="https://…/cifar-10-binary.tar.gz"
            hint="Address of the archive. The mirror must send CORS headers."
          />
        </FieldScope>
      </details>
    </Panel>
  )
}

function LimitFields({ setup, edit }: SetupPanelProps) {
  const { images } = DATA_SETS[setup.data.set]
  const { trainImages, validationImages, testImages } = runLength(setup)
  const limit = (part: Partial<RunConfig['data']>) =>
    edit((before) => ({ ...before, data: { ...before.data, ...part } }))
  return (
    <div className={setupStyles.fields}>
      <NumberField
        label="Training images"
        value={trainImages + validationImages}
        onChange={(limitTrain) => limit({ limitTrain })}
        min={1}
        max={images.train}
        whole
        step={500}
        unit={`of ${count(images.train)}`}
      />
      <NumberField
        label="Validation images"
        value={validationImages}
        onChange={(kept) => limit({ validation: kept === 0 ? null : { images: kept } })}
        min={0}
        max={trainImages + validationImages - 1}
        whole
        step={500}
        unit={validationImages === 0 ? 'none' : 'held out by seed'}
      />
      <NumberField
        label="Test images"
        value={testImages}
        onChange={(limitTest) => limit({ limitTest })}
        min={1}
        max={images.test}
        whole
        step={100}
        unit={`of ${count(images.test)}`}
      />
      {validationImages > 0 && (
        <p className={`${setupStyles.note} ${setupStyles.wide}`}>
          {count(trainImages)} images for training, {count(validationImages)} for validation. Validation
          chooses the best epoch, which keeps the test score unbiased.
        </p>
      )}
    </div>
  )
}
