import type { RunEntry } from '../contract/run-record.ts'
import { configOf } from '../runs/pair.ts'
import { pointsOfColumns } from '../runs/step-columns.ts'
import { isActive, showStored } from './lab-record.ts'
import { attempt, type LabStore } from './lab-store.ts'
import { saveFile } from './save-file.ts'
import { lastSession, type StoredRun } from './stored-runs.ts'
import type { WorkerClient } from './worker-client.ts'

export type StoredRunActions = ReturnType<typeof createStoredRunActions>

/** What a person does with the runs that are kept in this browser. Failures are reported among them. */
export function createStoredRunActions(store: LabStore, client: WorkerClient) {
  async function load(entry: RunEntry): Promise<StoredRun> {
    const { steps, epochs, log } = await client.call({ kind: 'load-run', run: entry.run })
    return { entry, points: pointsOfColumns(steps), epochs, log }
  }

  const show = (entries: readonly RunEntry[]) =>
    attempt(store, { place: 'runs', busy: 'open-runs' }, async () => {
      const stored = await Promise.all(entries.map(load))
      store.setState((state) => showStored(state, stored))
    })

  const change = (command: Parameters<typeof client.call>[0]) =>
    attempt(store, { place: 'runs' }, () => client.call(command))

  /**
   * Asks the browser never to clear the page's storage by itself.
   * @returns whether it promised; some ask the person, others decide by how much the page is used
   */
  async function persistStorage(): Promise<boolean> {
    // An insecure page has no storage manager.
    const manager: StorageManager | undefined = navigator.storage
    const isGranted = (await manager?.persist().catch(() => false)) ?? false
    await change({ kind: 'measure-storage' })
    return isGranted
  }

  return {
    /** Shows the stored runs of a session as A and B, paused where they can go on. */
    showSession: (session: string): Promise<void> =>
      show(
        store
          .getState()
          .stored.entries.filter((entry) => entry.session === session && entry.deletedAt === null),
      ),
    /** After a reload: what was trained last is there again, and so is its set-up unless another was chosen. */
    async showLast(): Promise<void> {
      const entries = lastSession(store.getState().stored)
      await show(entries)
      const [first] = entries
      if (first && store.getState().setupFrom === 'default') {
        store.setState({ setup: configOf('a', first.config), setupFrom: 'choice' })
      }
    },
    /** All that a run has reported. @throws AppError `run-absent`, `run-damaged` */
    loadRun: load,
    renameRun: (run: string, name: string) => change({ kind: 'change-run', run, name }),
    noteRun: (run: string, notes: string) => change({ kind: 'change-run', run, notes }),
    deleteRuns: (runs: readonly string[]) => change({ kind: 'delete-runs', runs: [...runs] }),
    restoreRuns: (runs: readonly string[]) => change({ kind: 'restore-runs', runs: [...runs] }),
    /** Saves runs whole, as one zip archive that `importRuns` takes. */
    exportRuns: (runs: readonly string[]) =>
      attempt(store, { place: 'runs', busy: 'export' }, async () => {
        const { fileName, bytes } = await client.call({ kind: 'export-runs', runs: [...runs] })
        saveFile(fileName, bytes, 'application/zip')
      }),
    /** The runs of an archive join those that are stored; the first of them is shown where nothing is trained. */
    importRuns: (file: File) =>
      attempt(store, { place: 'runs', busy: 'open-runs' }, async () => {
        const { runs } = await client.call({ kind: 'import-runs', file })
        const { stored, session } = store.getState()
        const entries = stored.entries.filter(({ run }) => runs.includes(run))
        const first = entries[0]?.session
        if (!isActive(session)) await show(entries.filter((entry) => entry.session === first))
      }),
    persistStorage,
    measureStorage: () => change({ kind: 'measure-storage' }),
  }
}
