import type { exportCommands } from '../../contract/commands/export-commands.ts'
import { bytesOfFile } from '../../files/byte-source.ts'
import { evaluateWeightsFile } from '../../operations/evaluate-weights-file.ts'
import { NO_SUMS } from '../../training/checkpoint.ts'
import { findFormat } from '../../transfer/formats/index.ts'
import { oneFile } from '../../transfer/formats/one-file.ts'
import { runFileName } from '../../transfer/weights-file.ts'
import type { Handlers } from './handlers.ts'
import { operationPorts } from './operation-ports.ts'

export const exportHandlers: Handlers<keyof typeof exportCommands> = {
  async 'export-weights'({ run, naming, modulePrefix = false, format }, { sessions }) {
    const { config, state, epochs, points } = await sessions.readRun(run)
    const found = findFormat('checkpoint', format)
    const notKept = { epochSums: NO_SUMS, engines: [] }
    const exported = await found.write({
      ...notKept,
      run,
      config,
      state,
      epochs,
      points,
      naming,
      modulePrefix,
    })
    return oneFile(found, runFileName(config, state.steps), exported)
  },

  'evaluate-weights': (command, services) =>
    services.engines.use(async (engine) =>
      evaluateWeightsFile(
        {
          bytes: await bytesOfFile(command.file),
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
