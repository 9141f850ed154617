import type { ComparedRun } from '../runs/compared-run.ts'
import { attempt, type LabStore } from './lab-store.ts'
import type { WorkerClient } from './worker-client.ts'

export type CompareActions = ReturnType<typeof createCompareActions>

/** Which stored runs stand beside one another. Failures are reported among the runs. */
export function createCompareActions(store: LabStore, client: WorkerClient) {
  async function load(run: string): Promise<ComparedRun[]> {
    const entry = store.getState().stored.entries.find((other) => other.run === run)
    if (!entry) return []
    const { steps, epochs } = await client.call({ kind: 'load-run', run })
    const { name, config } = entry
    return [{ run, name, config, steps, epochs, answers: epochs.at(-1)?.answers ?? null }]
  }

  /** What was asked for last: what comes late for an earlier choice is not shown. */
  let wanted: readonly string[] = []

  return {
    /** These runs and no others; those that are compared already are not read again. */
    compareRuns: (runs: readonly string[]): Promise<void> =>
      attempt(store, { place: 'runs', busy: 'compare' }, async () => {
        wanted = runs
        const known = store.getState().compared
        const loaded = await Promise.all(
          runs.map(async (run) => known.find((other) => other.run === run) ?? (await load(run))),
        )
        if (wanted === runs) store.setState({ compared: loaded.flat() })
      }),
  }
}
