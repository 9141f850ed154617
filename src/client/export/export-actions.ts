import type { DataSetId } from '../../base/data-set.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import type { ResultsTable } from '../../runs/results-table.ts'
import type { StepColumns } from '../../contract/run-record.ts'
import { type Side, SIDES } from '../../runs/pair.ts'
import { pointsOfColumns } from '../../runs/step-columns.ts'
import type { Exported, FormatFacts } from '../../transfer/formats/format.ts'
import { findFormat } from '../../transfer/formats/index.ts'
import { oneFile } from '../../transfer/formats/one-file.ts'
import type { RunMetrics } from '../../transfer/metrics-files.ts'
import { attempt, type LabState, type LabStore } from '../lab-store.ts'
import { newId } from '../new-id.ts'
import { saveFile } from '../save-file.ts'
import type { WorkerClient } from '../worker-client.ts'

export type ExportActions = ReturnType<typeof createExportActions>

/** Weights and metrics out, weights in. */
export function createExportActions(store: LabStore, client: WorkerClient) {
  return {
    /**
     * @param format the id of a format of checkpoints
     * @param modulePrefix whether each name begins with `module.`, where the format can have it so
     */
    exportWeights: (
      side: Side,
      naming: ParameterNaming,
      format: string,
      modulePrefix = false,
    ): Promise<void> => {
      const run = store.getState().runs[side]?.run
      if (run === undefined) return Promise.resolve()
      return attempt(store, { place: 'export', busy: 'export' }, async () => {
        const { fileName, bytes } = await client.call({
          kind: 'export-weights',
          run,
          naming,
          modulePrefix,
          format,
        })
        saveFile(fileName, bytes, 'application/octet-stream')
      })
    },

    /**
     * Saves what the runs on the page have reported.
     * @param format the id of a format of metrics
     * @param side the run alone; null for all
     */
    exportMetrics: (format: string, side: Side | null = null): Promise<void> =>
      attempt(store, { place: 'export' }, async () => {
        const found = findFormat('metrics', format)
        const state = store.getState()
        const runs = metricsOf(state, side === null ? SIDES : [side])
        const [first] = runs
        if (!first) return
        const at = first.epochs[0]?.at ?? Date.now()
        const device = state.device.state === 'ready' ? state.device.info : null
        const name = side === null ? `residual-lab-${first.config.data.set}` : `residual-lab-${side}`
        await save(found, name, await found.write({ runs, device, at }), at)
      }),

    /** Saves a table of results. @param format the id of a format of results */
    exportResults: (format: string, table: ResultsTable): Promise<void> =>
      attempt(store, { place: 'runs' }, async () => {
        const found = findFormat('results', format)
        await save(found, 'residual-lab-results', await found.write(table))
      }),

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

async function save(format: FormatFacts, name: string, exported: Exported, at?: number): Promise<void> {
  const { fileName, bytes } = await oneFile(format, name, exported, at)
  saveFile(fileName, bytes, format.mediaType)
}

function metricsOf({ runs }: LabState, sides: readonly Side[]): RunMetrics[] {
  return sides.flatMap((side) => {
    const record = runs[side]
    if (!record) return []
    const { run, config, steps, epochs } = record
    return [{ run, config, points: reportedPoints(steps), epochs }]
  })
}

/** None of steps before the page followed the run. */
const reportedPoints = (steps: StepColumns) =>
  pointsOfColumns(steps).filter(({ learningRate }) => !Number.isNaN(learningRate))
