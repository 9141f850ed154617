import type { DataSetId } from '../../base/data-set.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import type { WeightFormat } from '../../contract/run-format.ts'
import type { StepColumns } from '../../contract/run-record.ts'
import { type Side, SIDES } from '../../runs/pair.ts'
import { NO_REPORTS } from '../../runs/run-reports.ts'
import { pointsOfColumns } from '../../runs/step-columns.ts'
import { epochsCsv, metricsJson, type RunMetrics, stepsCsv } from '../../transfer/metrics-files.ts'
import { eventsFile, eventsFileName } from '../../transfer/tfevents.ts'
import { attempt, type LabState, type LabStore } from '../lab-store.ts'
import { newId } from '../new-id.ts'
import { saveFile } from '../save-file.ts'
import type { WorkerClient } from '../worker-client.ts'

/** Every step as CSV, every epoch as CSV, or everything as JSON. */
export type MetricsFile = 'steps' | 'epochs' | 'json'

export type ExportActions = ReturnType<typeof createExportActions>

/** Weights and metrics out, weights in. */
export function createExportActions(store: LabStore, client: WorkerClient) {
  return {
    exportWeights: (side: Side, naming: ParameterNaming, format: WeightFormat): Promise<void> => {
      const run = store.getState().runs[side]?.run
      if (run === undefined) return Promise.resolve()
      return attempt(store, { place: 'export', busy: 'export' }, async () => {
        const { fileName, bytes } = await client.call({ kind: 'export-weights', run, naming, format })
        saveFile(fileName, bytes, 'application/octet-stream')
      })
    },

    /** Saves what the runs on the page have reported. */
    exportMetrics: (what: MetricsFile): void => {
      const state = store.getState()
      const runs = metricsOf(state)
      const name = `residual-lab-${runs[0]?.config.data.set ?? 'empty'}`
      switch (what) {
        case 'steps':
          return saveFile(`${name}-steps.csv`, stepsCsv(runs), 'text/csv')
        case 'epochs':
          return saveFile(`${name}-epochs.csv`, epochsCsv(runs), 'text/csv')
        case 'json': {
          const device = state.device.state === 'ready' ? state.device.info : null
          return saveFile(`${name}.json`, metricsJson(runs, device), 'application/json')
        }
        default:
          return what satisfies never
      }
    },

    /** Saves a run's epochs for TensorBoard, which wants one folder for each run. */
    exportEvents: (side: Side): void => {
      const { steps, epochs } = store.getState().runs[side] ?? NO_REPORTS
      const [first] = epochs
      if (!first) return
      // Epoch 0 has no place: the author's steps begin with the first's end.
      const scalars = epochs.flatMap(({ epoch, step, at, train, test }) =>
        train ? [{ epoch, at, train, test, learningRate: steps.learningRate[step - 1] ?? Number.NaN }] : [],
      )
      const name = eventsFileName(first.at, `residual-lab-${side}`)
      saveFile(name, eventsFile(scalars), 'application/octet-stream')
    },

    /** Scores a safetensors file on a test split; the set-up's network serves where the file names none. */
    evaluateWeights: (file: File, set: DataSetId, limit: number | null) =>
      attempt(store, { place: 'export', busy: 'evaluate-weights' }, async () => {
        const { network, normalisation, whitening } = store.getState().setup
        const reply = await client.call({
          kind: 'evaluate-weights',
          file,
          set,
          limit,
          network,
          normalisation,
          whitening,
        })
        store.setState(({ imported }) => ({
          imported: [{ ...reply, key: newId(), fileName: file.name, set }, ...imported],
        }))
      }),

    forgetImported: (key: string): void => {
      store.setState(({ imported }) => ({ imported: imported.filter((other) => other.key !== key) }))
    },
  }
}

function metricsOf({ runs }: LabState): RunMetrics[] {
  return SIDES.flatMap((side) => {
    const record = runs[side]
    if (!record) return []
    const { run, config, steps, epochs } = record
    return [{ run, config, points: reportedPoints(steps), epochs }]
  })
}

/** None of steps before the page followed the run. */
const reportedPoints = (steps: StepColumns) =>
  pointsOfColumns(steps).filter(({ learningRate }) => !Number.isNaN(learningRate))
