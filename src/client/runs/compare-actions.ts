import type { ComparedRun } from '../../runs/compared-run.ts'
import { attempt, type LabStore } from '../lab-store.ts'
import type { WorkerClient } from '../worker-client.ts'

export type CompareActions = ReturnType<typeof createCompareActions>

/** Which stored runs stand beside one another. Failures are reported among the runs. */
export function createCompareActions(store: LabStore, client: WorkerClient) {
  async function load(run: string): Promise<ComparedRun[]> {
    const { stored, compared } = store.getState()
    const entry = stored.entries.find((other) => other.run === run)
    if (!entry) return []
    const { name, config, result } = entry
    const known = compared.find((other) => other.run === run)
    if (known && known.epochs.at(-1)?.epoch === result?.epoch) return [{ ...known, name, config }]
    return [{ run, name, config, ...(await client.call({ kind: 'load-curves', run })) }]
  }

  /** What was asked for last: what comes late for an earlier choice is not shown. */
  let wanted: readonly string[] = []

  return {
    /** These runs and no others; those that are compared already are read again where there is more of them. */
    compareRuns: (runs: readonly string[]): Promise<void> =>
      attempt(store, { place: 'runs', busy: 'compare' }, async () => {
        wanted = runs
        const loaded = await Promise.all(runs.map(load))
        if (wanted === runs) store.setState({ compared: loaded.flat() })
      }),
  }
}
