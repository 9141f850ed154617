import type { RunEntry } from '../../contract/run-record.ts'
import { configOf } from '../../runs/pair.ts'
import { isActive } from '../session/session-record.ts'
import { showStored } from '../session/show-stored.ts'
import { attempt, type LabState, type LabStore } from '../lab-store.ts'
import { newId } from '../new-id.ts'
import { saveFile } from '../save-file.ts'
import { lastSession, type StoredRun } from './stored-runs.ts'
import type { WorkerClient } from '../worker-client.ts'

export type StoredRunActions = ReturnType<typeof createStoredRunActions>

/** What a person does with the runs that are kept in this browser. Failures are reported among them. */
export function createStoredRunActions(store: LabStore, client: WorkerClient) {
  async function load(entry: RunEntry): Promise<StoredRun> {
    return { entry, ...(await client.call({ kind: 'load-run', run: entry.run })) }
  }

  /** @param isWanted asked when the runs are read: something else may have begun meanwhile */
  async function show(entries: readonly RunEntry[], isWanted: (state: LabState) => boolean): Promise<void> {
    const stored = await Promise.all(entries.map(load))
    store.setState((state) => (isWanted(state) ? showStored(state, stored) : state))
  }

  const opening = (work: () => Promise<void>) => attempt(store, { place: 'runs', busy: 'open-runs' }, work)

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
      opening(() =>
        show(
          store
            .getState()
            .stored.entries.filter((entry) => entry.session === session && entry.deletedAt === null),
          (state) => !isActive(state.session) || state.session?.session === session,
        ),
      ),
    /** After a reload: what was trained last is there again, and so is its set-up unless another was chosen or begun. */
    async showLast(): Promise<void> {
      const entries = lastSession(store.getState().stored)
      const isWanted = ({ session, busy }: LabState) => session === null && !busy.has('start')
      await opening(() => show(entries, isWanted))
      const [first] = entries
      const { setupFrom, session } = store.getState()
      if (first && setupFrom === 'default' && session?.session === first.session) {
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
      opening(async () => {
        const { entries } = await client.call({ kind: 'import-runs', file, prefix: newId() })
        const first = entries[0]?.session
        await show(
          entries.filter((entry) => entry.session === first),
          ({ session }) => !isActive(session),
        )
      }),
    persistStorage,
    measureStorage: () => change({ kind: 'measure-storage' }),
  }
}
