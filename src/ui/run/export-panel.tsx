import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import type { ImportedEvaluation } from '../../client/export/export-slice.ts'
import { coarseAccuracy } from '../../base/coarse-classes.ts'
import { DATA_SETS } from '../../base/data-set.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import { formatsOf } from '../../transfer/formats/index.ts'
import { namingsOf } from '../../network/rename-parameters.ts'
import { preferredNaming } from '../../presets/presets.ts'
import { formatNetwork } from '../../network/format-network.ts'
import { SIDES } from '../../runs/pair.ts'
import { runLength } from '../../runs/run-length.ts'
import { useActions, useLab } from '../foundation/lab-context.tsx'
import { count, loss, percent, percentOf } from '../charts/curve-values.ts'
import { ActionButton } from '../foundation/controls/action-button.tsx'
import { FieldScope } from '../foundation/controls/invalid-fields.tsx'
import { FailureNotice, Notice } from '../foundation/controls/notice.tsx'
import { NumberField } from '../foundation/controls/number-field.tsx'
import { SwitchField } from '../foundation/controls/switch-field.tsx'
import { SelectField } from '../foundation/controls/select-field.tsx'
import { ImportRuns } from '../runs/import-runs.tsx'
import { NAMING_TEXTS } from './format-naming.ts'
import { formatOrigin } from './format-origin.ts'
import { SIDE_NAMES } from '../foundation/side-names.ts'
import styles from './export-panel.module.css'

const WEIGHT_FORMATS = formatsOf('checkpoint').map(({ id, label, note }) => ({ id, text: label, note }))
const NAMED = new Set(formatsOf('checkpoint').flatMap(({ id, isNamed }) => (isNamed ? [id] : [])))
const PREFIXABLE = new Set(
  formatsOf('checkpoint').flatMap(({ id, isPrefixable }) => (isPrefixable ? [id] : [])),
)
const METRIC_FORMATS = formatsOf('metrics')

/** Weights and metrics out of the browser, weights of others in. */
export function ExportPanel() {
  const failure = useLab((state) => state.failures['export'])
  const runsFailure = useLab((state) => state.failures.runs)
  const imported = useLab((state) => state.imported)
  const actions = useActions()
  return (
    <div className={styles.rows}>
      <Exports />
      <Imports />
      <FailureNotice failure={failure} onDismiss={() => actions.dismissFailure('export')} />
      <FailureNotice failure={runsFailure} onDismiss={() => actions.dismissFailure('runs')} />
      {imported.length > 0 && (
        <ul className={styles.scores}>
          {imported.map((score) => (
            <Score key={score.key} score={score} onForget={() => actions.forgetImported(score.key)} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Exports() {
  const [chosen, setChosen] = useState<ParameterNaming | null>(null)
  const [format, setFormat] = useState('safetensors')
  const [prefixed, setPrefixed] = useState(false)
  const setup = useLab((state) => state.setup)
  const runs = useLab((state) => state.runs)
  const session = useLab((state) => state.session)
  const exporting = useLab((state) => state.busy.has('export'))
  const { exportWeights, exportMetrics, exportRuns, saveSetup } = useActions()
  const keepsRuns = useLab((state) => state.stored.isOpen && state.stored.failure === null)
  const shown = SIDES.flatMap((side) => runs[side]?.run ?? [])
  const hasMetrics = SIDES.some((side) => (runs[side]?.steps.loss.length ?? 0) > 0)
  const prepared = session !== null && session.state !== 'preparing'
  const config = runs.a?.config ?? runs.b?.config ?? setup
  const namings = namingsOf(config.network)
  const naming = chosen !== null && namings.includes(chosen) ? chosen : preferredNaming(config)
  return (
    <>
      <div className={styles.row}>
        <div className={styles.names}>
          <SelectField label="Weights as" options={WEIGHT_FORMATS} value={format} onChange={setFormat} />
        </div>
        <div className={styles.names}>
          <SelectField
            label="Parameter names"
            options={namings.map((id) => ({ id, ...NAMING_TEXTS[id] }))}
            value={naming}
            onChange={setChosen}
            disabled={namings.length === 1 || !NAMED.has(format)}
          />
        </div>
        <SwitchField
          label="module. prefix"
          value={prefixed && PREFIXABLE.has(format)}
          onChange={setPrefixed}
          disabled={!PREFIXABLE.has(format)}
        />
        {SIDES.map((side) => (
          <ActionButton
            key={side}
            disabled={exporting || !prepared || !session.runs.includes(runs[side]?.run ?? '')}
            onPress={() => void exportWeights(side, naming, format, prefixed)}
          >
            Export weights {SIDE_NAMES[side].letter}
          </ActionButton>
        ))}
        {METRIC_FORMATS.filter(({ isPerRun }) => !isPerRun).map(({ id, label }) => (
          <ActionButton key={id} disabled={!hasMetrics} onPress={() => void exportMetrics(id)}>
            {label}
          </ActionButton>
        ))}
        <ActionButton
          disabled={exporting || !keepsRuns || shown.length === 0}
          onPress={() => void exportRuns(shown)}
        >
          {shown.length === 2 ? 'Both runs as zip' : 'Run as zip'}
        </ActionButton>
        <ActionButton onPress={saveSetup}>Save set-up</ActionButton>
        {METRIC_FORMATS.filter(({ isPerRun }) => isPerRun).flatMap(({ id, label }) =>
          SIDES.map((side) => (
            <ActionButton
              key={`${id}-${side}`}
              disabled={(runs[side]?.epochs.length ?? 0) === 0}
              onPress={() => void exportMetrics(id, side)}
            >
              {label} {SIDE_NAMES[side].letter}
            </ActionButton>
          )),
        )}
      </div>
      <p className={styles.note}>
        A safetensors file uses PyTorch’s layouts and also holds the set-up and the metrics. With the author’s
        parameter names, the author’s code loads it, with the module. prefix also into torch.nn.DataParallel.
        TensorBoard needs the events of each run in a folder of their own. A zip holds complete runs up to
        their last checkpoint: import it, or drop it on this page, to continue them.
      </p>
    </>
  )
}

function Imports() {
  const setup = useLab((state) => state.setup)
  const stored = useLab((state) => state.dataSets[state.setup.data.set].state === 'ready')
  const ready = useLab((state) => state.device.state === 'ready')
  const scoring = useLab((state) => state.busy.has('evaluate-weights'))
  const { evaluateWeights, openSetup } = useActions()
  const { set } = setup.data
  const all = DATA_SETS[set].images.test
  /** Null until a person says how many: then as many as a run is tested on. */
  const [chosen, setChosen] = useState<number | null>(null)
  const [invalid, setInvalid] = useState<readonly string[]>([])
  const images = Math.min(chosen ?? runLength(setup).testImages, all)

  function score(files: FileList | null): void {
    const [file] = files ?? []
    if (file) void evaluateWeights(file, set, images === all ? null : images)
  }

  return (
    <>
      <div className={styles.row}>
        <div className={styles.limit}>
          <FieldScope onChange={setInvalid}>
            <NumberField
              label={`Test imported weights on ${DATA_SETS[set].title}`}
              value={images}
              onChange={setChosen}
              min={1}
              max={all}
              whole
              step={100}
              unit={`of ${count(all)}`}
            />
          </FieldScope>
        </div>
        <FileTrigger acceptedFileTypes={['.safetensors']} onSelect={score}>
          <ActionButton disabled={!stored || !ready || scoring || invalid.length > 0}>
            Import weights…
          </ActionButton>
        </FileTrigger>
        <ImportRuns />
        <FileTrigger
          acceptedFileTypes={['.json']}
          onSelect={(files) => files?.[0] && void openSetup(files[0])}
        >
          <ActionButton>Open set-up…</ActionButton>
        </FileTrigger>
      </div>
      {scoring && <Notice tone="plain">Scoring the imported weights on {count(images)} test images…</Notice>}
    </>
  )
}

function Score({ score, onForget }: { readonly score: ImportedEvaluation; readonly onForget: () => void }) {
  const { fileName, set, network, networkFrom, evaluation } = score
  const coarse = coarseAccuracy(set, evaluation.confusion)
  return (
    <li className={styles.score}>
      <span>
        <strong>{fileName}</strong>: {formatNetwork(network)}
        {formatOrigin(networkFrom)}
      </span>
      <span>
        <strong>{percentOf(evaluation.accuracy, evaluation.total)}</strong> on {DATA_SETS[set].title}
        {coarse !== null && `, ${percent(coarse)} on coarse classes`}
      </span>
      <span>loss {loss(evaluation.loss)}</span>
      <ActionButton rank="quiet" label={`Remove the score of ${fileName}`} onPress={onForget}>
        Remove
      </ActionButton>
    </li>
  )
}
