import { toFailure } from '../../base/app-error.ts'
import type { RunConfig } from '../../config/run-config.ts'
import { defaultSetup } from './default-setup.ts'
import { attempt, type LabStore, reportFailure } from '../lab-store.ts'
import { saveFile } from '../save-file.ts'
import { followDataSet, presetSetup, tidySetup } from './setup.ts'
import { readSetupFile } from './setup-file.ts'
import { fromFragment } from './share-link.ts'

export type SetupActions = ReturnType<typeof createSetupActions>

export function createSetupActions(store: LabStore) {
  const choose = (setup: RunConfig) => store.setState({ setup, setupFrom: 'choice' })

  return {
    edit: (change: (setup: RunConfig) => RunConfig): void => {
      const { setup } = store.getState()
      choose(tidySetup(followDataSet(setup, change(setup))))
    },
    /** @param invalidFields the labels of those that hold what cannot be read */
    reportInvalidFields: (invalidFields: readonly string[]): void => store.setState({ invalidFields }),
    applyPreset: (preset: RunConfig): void => {
      const { setup, dataSets } = store.getState()
      choose(presetSetup(preset, setup, dataSets[preset.data.set].state === 'ready'))
    },
    /** The set-up that the page opens with on this device. */
    reset: (): void => {
      const { device } = store.getState()
      store.setState({
        setup: defaultSetup(device.state === 'ready' ? device.info : null),
        setupFrom: 'default',
      })
    },
    /** Saves the set-up as JSON, which `openSetup` takes. */
    saveSetup: (): void => {
      const { setup } = store.getState()
      saveFile(
        `residual-lab-${setup.preset ?? 'set-up'}.json`,
        `${JSON.stringify(setup, null, 2)}\n`,
        'application/json',
      )
    },
    /** Takes a set-up from a JSON file that was saved so; a broken one is reported and changes nothing. */
    openSetup: (file: File): Promise<void> =>
      attempt(store, { place: 'link' }, async () => choose(tidySetup(await readSetupFile(file)))),
    /** Takes a set-up from the address's fragment; a broken one is reported and changes nothing. */
    followLink: (fragment: string): void => {
      reportFailure(store, 'link', null)
      try {
        const linked = fromFragment(fragment)
        if (linked) choose(tidySetup(linked))
      } catch (error) {
        reportFailure(store, 'link', toFailure(error))
      }
    },
  }
}
