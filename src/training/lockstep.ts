import { AppError } from '../contract/app-error.ts'
import type { RunConfig } from '../contract/run-config.ts'

/** What the runs of one session share, so that each step shows all of them the same images. */
const SHARED = ['data', 'batchSize', 'seed', 'augmentation', 'budget'] as const

/** @throws AppError `config-invalid` naming the first setting in which the runs differ */
export function assertLockstep(configs: readonly RunConfig[]): void {
  const [first, ...others] = configs
  for (const other of others) {
    const different = SHARED.find((key) => JSON.stringify(first?.[key]) !== JSON.stringify(other[key]))
    if (different) {
      throw new AppError(
        'config-invalid',
        `Two runs side by side must share their ${different} setting, and these do not. Give both the same, or train them one after the other.`,
      )
    }
  }
}
