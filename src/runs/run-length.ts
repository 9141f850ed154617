// How much work a config is, counted before it begins.
import { DATA_SETS } from '../contract/data-set.ts'
import type { RunConfig } from '../contract/run-config.ts'
import { stepsPerEpoch, totalSteps } from '../contract/schedule.ts'

export type RunLength = {
  /** Images of each split that the run uses. */
  trainImages: number
  testImages: number
  /** Batches in one epoch; the last may be smaller. */
  stepsPerEpoch: number
  totalSteps: number
  /** Epochs begun by the last step. */
  epochs: number
}

export function runLength(config: Pick<RunConfig, 'data' | 'batchSize' | 'budget'>): RunLength {
  const { train, test } = DATA_SETS[config.data.set].images
  const trainImages = Math.min(train, config.data.limitTrain ?? train)
  const perEpoch = stepsPerEpoch(trainImages, config.batchSize)
  const steps = totalSteps(config.budget, perEpoch)
  return {
    trainImages,
    testImages: Math.min(test, config.data.limitTest ?? test),
    stepsPerEpoch: perEpoch,
    totalSteps: steps,
    epochs: Math.ceil(steps / perEpoch),
  }
}
