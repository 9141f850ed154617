import { z } from 'zod'
import { runConfigSchema } from '../../config/run-config.ts'
import { engineSettingSchema } from '../engine-setting.ts'
import { kernelShareSchema } from '../kernel-share.ts'
import { defineCommands, done } from './define-commands.ts'

export const deviceCommands = defineCommands({
  /** Opens the engine of this setting; while a session is in training or paused, once that has ended. */
  'choose-engine': { request: { setting: engineSettingSchema }, reply: done },
  /** What each kernel of a step of this run would take, on a network of its own; the costliest first. */
  profile: {
    request: { config: runConfigSchema },
    reply: z.object({ kernels: z.array(kernelShareSchema) }),
  },
})
