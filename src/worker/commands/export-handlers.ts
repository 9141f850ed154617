import type { exportCommands } from '../../contract/commands/export-commands.ts'
import { evaluateWeightsFile } from '../../operations/evaluate-weights-file.ts'
import { NO_SUMS } from '../../training/checkpoint.ts'
import { writeExport } from '../../transfer/run-files.ts'
import { runFileName } from '../../transfer/weights-file.ts'
import { writeZip } from '../../transfer/zip.ts'
import type { Handlers } from './handlers.ts'
import { operationPorts } from './operation-ports.ts'

export const exportHandlers: Handlers<keyof typeof exportCommands> = {
  async 'export-weights'({ run, naming, format }, { sessions, now }) {
    const { config, state, epochs } = await sessions.readRun(run)
    const untold = { points: [], epochSums: NO_SUMS, engines: [] }
    const order = { ...untold, run, config, state, epochs, naming, at: now() }
    const exported = writeExport(format, order)
    const name = runFileName(config, state.steps)
    const asBytes = (content: string | Uint8Array) =>
      typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content)
    return typeof exported === 'string' || exported instanceof Uint8Array
      ? { fileName: `${name}.${format}`, bytes: asBytes(exported) }
      : {
          fileName: `${name}-${format}.zip`,
          bytes: writeZip(new Map([...exported].map(([path, content]) => [path, asBytes(content)]))),
        }
  },

  'evaluate-weights': (command, services) =>
    services.engines.use(async (engine) =>
      evaluateWeightsFile(
        {
          bytes: new Uint8Array(await command.file.arrayBuffer()),
          fileName: command.file.name,
          trustsFile: true,
          expected: command,
          set: command.set,
          images: await services.library.load(command.set, 'test', command.limit),
        },
        operationPorts(services, engine),
      ),
    ),
}
