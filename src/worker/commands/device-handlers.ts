import type { deviceCommands } from '../../contract/commands/device-commands.ts'
import { profileRun } from '../profile-run.ts'
import type { Handlers } from './handlers.ts'

export const deviceHandlers: Handlers<keyof typeof deviceCommands> = {
  async 'choose-engine'({ setting }, { sessions }) {
    await sessions.chooseEngine(setting)
    return null
  },
  profile: async ({ config }, { engines }) => ({
    kernels: await engines.use((engine) => profileRun(engine, config)),
  }),
}
