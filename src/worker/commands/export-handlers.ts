import type { exportCommands } from '../../contract/commands/export-commands.ts'
import { NO_SUMS } from '../../training/checkpoint.ts'
import { loadTrainingImages } from '../../training/run-images.ts'
import { writeExport } from '../../transfer/run-files.ts'
import { runFileName } from '../../transfer/weights-file.ts'
import { writeZip } from '../../transfer/zip.ts'
import { evaluateWeightsFile } from '../evaluate-weights-file.ts'
import type { Handlers } from './handlers.ts'

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

  'evaluate-weights': (command, { engines, library, whitener, yieldToEventLoop }) =>
    engines.use(async (engine) =>
      evaluateWeightsFile({
        bytes: new Uint8Array(await command.file.arrayBuffer()),
        fileName: command.file.name,
        trustsFile: true,
        expected: command,
        set: command.set,
        images: await library.load(command.set, 'test', command.limit),
        trainingImages: async (trainedOn) =>
          (await loadTrainingImages(trainedOn, (set, split, limit) => library.load(set, split, limit))).train,
        whiten: (order) => whitener.whiten(order, engine, yieldToEventLoop),
        engine,
        between: yieldToEventLoop,
      }),
    ),
}
