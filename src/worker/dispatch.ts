import type { Command, CommandKind, ReplyOf } from '../contract/commands.ts'
import type { Lab } from './lab.ts'

/** Carries out a command; the value is its reply (contract/commands.ts says which). */
export async function dispatch(command: Command, lab: Lab): Promise<ReplyOf<CommandKind>> {
  switch (command.kind) {
    case 'choose-engine':
      await lab.chooseEngine(command.setting)
      return null
    case 'start':
      return lab.start(command)
    case 'pause':
      return lab.inSession(command.session, (session) => session.pause())
    case 'resume':
      return lab.inSession(command.session, (session) => session.resume())
    case 'step':
      return lab.inSession(command.session, (session) => session.step())
    case 'stop':
      return lab.inSession(command.session, (session) => session.stop())
    case 'keep':
      return lab.keep(command)
    case 'extend':
      return lab.extend(command)
    case 'resume-runs':
      return lab.resumeRuns(command)
    case 'load-run':
      return lab.runs.load(command)
    case 'load-curves':
      return lab.runs.loadCurves(command)
    case 'change-run':
      await lab.runs.rename(command)
      return null
    case 'delete-runs':
      await lab.runs.delete(command)
      // What waited may be gone.
      void lab.queue.goOn()
      return null
    case 'restore-runs':
      await lab.runs.restore(command)
      // What was cancelled may wait again.
      void lab.queue.goOn()
      return null
    case 'queue-add':
      await lab.queue.add(command)
      return null
    case 'queue-move':
      await lab.queue.move(command)
      return null
    case 'queue-cancel':
      await lab.queue.cancel(command)
      return null
    case 'queue-hold':
      await lab.queue.hold()
      return null
    case 'queue-go':
      await lab.goOnWithQueue(command)
      return null
    case 'export-runs':
      return lab.runs.export(command)
    case 'import-runs':
      return lab.runs.import(command)
    case 'measure-storage':
      await lab.runs.measure()
      return null
    case 'fetch-data':
      lab.library.fetch(command.set, command.url)
      return null
    case 'pause-fetch':
      await lab.library.pause(command.set)
      return null
    case 'cancel-fetch':
      await lab.library.cancel(command.set)
      return null
    case 'import-data':
      return { set: await lab.library.import(command.files) }
    case 'remove-data':
      await lab.library.remove(command.set)
      return null
    case 'browse':
      return lab.browse(command)
    case 'preview-augmentation':
      return lab.previewAugmentation(command)
    case 'compute-whitening':
      await lab.computeWhitening(command)
      return null
    case 'cancel-whitening':
      lab.cancelWhitening()
      return null
    case 'export-weights':
      return lab.exportWeights(command)
    case 'evaluate-weights':
      return lab.evaluateWeights(command)
    case 'read-parameters':
      return lab.readParameters(command)
    case 'rank-features':
      return lab.rankFeatures(command.run)
    case 'pictures':
      return lab.pictures(command)
    case 'draw-features':
      return lab.drawFeatures(command)
    case 'profile':
      return lab.profile(command)
    default:
      return command satisfies never
  }
}
