// How much work a config is, counted before it begins.
import { DATA_SETS } from '../base/data-set.ts'
import type { RunConfig } from '../config/run-config.ts'
import { stepsPerEpoch, totalSteps } from '../config/schedule.ts'

export type RunLength = {
  /** Images that the run trains on, sets aside, and is tested on. */
  trainImages: number
  validationImages: number
  testImages: number
  /** Batches in one epoch; the last may be smaller. */
  stepsPerEpoch: number
  totalSteps: number
  /** Epochs begun by the last step. */
  epochs: number
}

export function runLength(config: Pick<RunConfig, 'data' | 'batchSize' | 'budget'>): RunLength {
  const { train, test } = DATA_SETS[config.data.set].images
  const validationImages = config.data.validation?.images ?? 0
  const trainImages = Math.min(train, config.data.limitTrain ?? train) - validationImages
  const perEpoch = stepsPerEpoch(trainImages, config.batchSize)
  const steps = totalSteps(config.budget, perEpoch)
  return {
    trainImages,
    validationImages,
    testImages: Math.min(test, config.data.limitTest ?? test),
    stepsPerEpoch: perEpoch,
    totalSteps: steps,
    epochs: Math.ceil(steps / perEpoch),
  }
}
