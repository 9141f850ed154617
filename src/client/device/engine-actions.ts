import { AppError } from '../../base/app-error.ts'
import type { EngineSetting } from '../../contract/engine-setting.ts'
import { attempt, type LabStore } from '../lab-store.ts'
import type { WorkerClient } from '../worker-client.ts'

export type EngineActions = ReturnType<typeof createEngineActions>

/** What a person decides of the engine. @param remember keeps a choice for the next visit */
export function createEngineActions(
  store: LabStore,
  client: WorkerClient,
  remember: (setting: EngineSetting) => void,
) {
  return {
    /** Takes effect at once, or, while a session trains, when that has ended. */
    chooseEngine: (setting: EngineSetting): Promise<void> => {
      store.setState(({ engine }) => ({ engine: { ...engine, setting, from: 'choice' } }))
      remember(setting)
      return attempt(store, { place: 'page', busy: 'choose-engine' }, () =>
        client.call({ kind: 'choose-engine', setting }),
      )
    },
    /** Whether a run goes on although another engine trained it. */
    answerEngineQuestion: (isAgreed: boolean): void => {
      const { engineQuestion } = store.getState()
      store.setState({ engineQuestion: null })
      engineQuestion?.answer(isAgreed)
    },
  }
}

/** Does what the worker refuses where another engine would go on with a run; then asks, and does it where the person agrees. */
export async function askingForEngine(
  store: LabStore,
  work: (mayChangeEngine: boolean) => Promise<unknown>,
): Promise<boolean> {
  try {
    await work(false)
    return true
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'engine-changed') throw error
    const isAgreed = await new Promise<boolean>((answer) => {
      store.setState({ engineQuestion: { text: error.message, answer } })
    })
    if (isAgreed) await work(true)
    return isAgreed
  }
}
