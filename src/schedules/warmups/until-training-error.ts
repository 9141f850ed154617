import { z } from 'zod'
import { numberField } from '../../base/kind-fields.ts'
import { defineWarmup } from './warmup.ts'

/** Steps of a window over which the training error is a mean. */
const WINDOW = 100

/** A rate of its own until the training error is low: He et al.'s ResNet-110 (arXiv:1512.03385, section 4.2). */
export const untilTrainingError = defineWarmup({
  kind: 'until-training-error',
  label: 'Low rate first',
  note: 'Until the training error falls, as for ResNet-110',
  source: 'https://arxiv.org/abs/1512.03385',
  fields: {
    rate: numberField(z.number().positive().max(100), {
      name: 'warm-up rate',
      label: 'Warm-up rate',
      initial: 0.01,
      min: 1e-7,
      max: 100,
      step: 0.01,
    }),
    /** The mean error of 100 batches in a row, from a multiple of 100 on, must be below this. */
    error: numberField(z.number().positive().max(1), {
      name: 'warm-up end',
      label: 'Training error below',
      initial: 0.8,
      min: 0.01,
      max: 1,
      step: 0.05,
      hint: `Mean of ${WINDOW} batches`,
    }),
  },
  byResults: {
    window: WINDOW,
    end({ error }, points) {
      for (let end = WINDOW; end <= points.length; end += WINDOW) {
        const accuracy = points.slice(end - WINDOW, end).reduce((sum, point) => sum + point.accuracy, 0)
        if (1 - accuracy / WINDOW < error) return end
      }
      return null
    },
    rate: ({ rate }) => rate,
    drawnAs: `Assumes that the training error is low after the first ${WINDOW} iterations.`,
  },
  pytorch: {
    ramp: () => ['begin, ramp = 0, 1.0'],
    notCarried: 'The warm-up that lasts until the training error is low is left out.',
  },
})
