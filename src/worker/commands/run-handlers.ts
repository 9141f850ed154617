import type { runCommands } from '../../contract/commands/run-commands.ts'
import type { Handlers } from './handlers.ts'

export const runHandlers: Handlers<keyof typeof runCommands> = {
  'load-run': ({ run }, { runs }) => runs.load(run),
  'load-curves': ({ run }, { runs }) => runs.loadCurves(run),
  async 'change-run'(command, { runs }) {
    await runs.rename(command)
    return null
  },
  async 'delete-runs'(command, { runs, queue }) {
    await runs.delete(command.runs)
    // What waited may be gone.
    void queue.goOn()
    return null
  },
  async 'restore-runs'(command, { runs, queue }) {
    await runs.restore(command.runs)
    // What was cancelled may wait again.
    void queue.goOn()
    return null
  },
  'export-runs': (command, { runs }) => runs.export(command.runs),
  'import-runs': (command, { runs }) => runs.import(command),
  async 'measure-storage'(_command, { runs }) {
    await runs.measure()
    return null
  },
}
