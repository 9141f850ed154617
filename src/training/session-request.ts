// What a session is asked to train, and whether that can be done in lockstep.
import { AppError } from '../base/app-error.ts'
import type { RunConfig } from '../config/run-config.ts'
import { assertContinues, type Checkpoint } from './checkpoint.ts'

export type SessionRequest = {
  readonly session: string
  readonly runs: readonly RunRequest[]
  readonly paused: boolean
  /** Trained before, where its runs go on; counted on from there. */
  readonly seconds?: number
}

export type RunRequest = {
  readonly run: string
  readonly config: RunConfig
  /** Where the run goes on; it begins anew where absent. */
  readonly from?: Checkpoint
}

/** What the runs of one session share, so that each step shows all of them the same images. */
const SHARED = ['data', 'batchSize', 'seed', 'augmentation', 'budget', 'evaluateFirst'] as const

/**
 * @returns the config that stands for all where they are the same
 * @throws AppError `config-invalid` naming the first setting in which the runs differ; `checkpoint-mismatch` where a
 * checkpoint is of another run or of another step
 */
export function assertLockstep(runs: readonly RunRequest[]): RunConfig {
  const [first, ...others] = runs
  if (!first) throw new AppError('config-invalid', 'A session needs at least one run.')
  for (const { config, from } of runs) if (from) assertContinues(config, from)
  for (const { config, from } of others) {
    const different = SHARED.find((key) => JSON.stringify(first.config[key]) !== JSON.stringify(config[key]))
    if (different) {
      throw new AppError(
        'config-invalid',
        `Two runs side by side must share their ${different} setting, and these do not. Give both the same, or train them one after the other.`,
      )
    }
    if (stepOf(from) !== stepOf(first.from)) {
      throw new AppError(
        'checkpoint-mismatch',
        `Two runs side by side must resume from the same step, and their checkpoints are of steps ${stepOf(first.from)} and ${stepOf(from)}; resume one after the other.`,
      )
    }
  }
  return first.config
}

const stepOf = (from: Checkpoint | undefined): number => from?.state.steps ?? 0
